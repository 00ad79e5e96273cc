import { createFirstEdition } from '../../support/first-edition/create-first-edition.ts';
import { connect } from '../../support/postgres/sql.ts';
import type { PostgresProcess } from './postgres-process.ts';

/** The users of a large database are `user-0`, `user-1` and so on; they have the same number of tasks. */
const users = 2_000;
export const taskCount = 1_000_000;

/** A database with the schema of the first edition and a million tasks. */
export interface LargeDatabase extends AsyncDisposable {
  /** For the service: its role may read and write the tables, and nothing else. */
  readonly url: string;
  /** For the role that owns the database and its tables. It is no superuser. */
  readonly ownerUrl: string;
  readonly superuserUrl: string;
}

/** Returns a function that makes copies of one large database. */
export const createLargeDatabases = async (
  postgres: PostgresProcess,
): Promise<(name: string) => Promise<LargeDatabase>> => {
  const urlOf = (url: string, database: string, role?: string): string => {
    const changed = new URL(url);
    changed.pathname = `/${database}`;
    if (role !== undefined) [changed.username, changed.password] = [role, role];
    return changed.href;
  };
  const administer = async (...statements: readonly string[]): Promise<void> => {
    await using session = await connect(postgres.superuserUrl);
    for (const statement of statements) await session.run(statement);
  };
  await administer(`create role keeper login password 'keeper'`, 'create database large owner keeper');
  const ownerUrl = urlOf(postgres.superuserUrl, 'large', 'keeper');
  await createFirstEdition(ownerUrl);
  await using session = await connect(ownerUrl);
  await session.run('grant select, insert, update, delete on owners, tasks to app');
  await session.run('grant select on migrations to app');
  await session.run(
    `insert into owners (id, revision, created_at) select 'user-' || n, $2::int / $1::int, now() from generate_series(0, $1::int - 1) as n`,
    [users, taskCount],
  );
  await session.run(
    `insert into tasks (owner_id, id, title, description, completed, created_at, updated_at, revision)
     select 'user-' || n % $1::int, gen_random_uuid(), 'Task ' || n, repeat('text ', n % 20), n % 3 = 0, at, at, 1 + n / $1::int
     from generate_series(0, $2::int - 1) as n, lateral (select now() - n * interval '1 second' as at) as moment`,
    [users, taskCount],
  );
  await session.run('vacuum analyze owners, tasks');

  return async (name) => {
    await administer(`create database ${name} template large owner keeper strategy file_copy`);
    return {
      url: urlOf(postgres.url, name),
      ownerUrl: urlOf(postgres.superuserUrl, name, 'keeper'),
      superuserUrl: urlOf(postgres.superuserUrl, name),
      [Symbol.asyncDispose]: () => administer(`drop database ${name} with (force)`),
    };
  };
};
