import { readFile } from 'node:fs/promises';
import { connect } from '../postgres/sql.ts';

const name = '0001_owners_and_tasks';
const file = new URL(`../../../src/infrastructure/postgres/migrations/${name}.sql`, import.meta.url);

/** Creates the schema of the first edition, which had one migration, and its record. */
export const createFirstEdition = async (url: string): Promise<void> => {
  await using session = await connect(url);
  await session.run(await readFile(file, 'utf8'));
  await session.run(
    'create table migrations (id serial primary key, name varchar(255) not null, run_on timestamp not null)',
  );
  await session.run('insert into migrations (name, run_on) values ($1, now())', [name]);
};
