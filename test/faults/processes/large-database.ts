import { createFirstEdition } from '../../support/first-edition/create-first-edition.ts';
import { connect } from '../../support/postgres/sql.ts';
import type { PostgresProcess } from './postgres-process.ts';

/** The users of a large database are `user-0`, `user-1` and so on, with the same number of tasks, and {@link largeUser}. */
const users = 2_000;
export const taskCount = 1_000_000;
export const largeUser = 'large';
const largeCount = 100_000;

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
  const fill = async (ids: string, tasks: number): Promise<void> => {
    await session.run(
      `insert into owners (id, revision, created_at) select id, $1, now() from (${ids}) as owner (id)`,
      [tasks],
    );
    await session.run(
      `insert into tasks (owner_id, id, title, description, completed, created_at, updated_at, revision)
       select owner.id, gen_random_uuid(), 'Task ' || n || ' ' || left(md5(n || owner.id), n % 20),
         case when n % 3 > 0 then left(repeat(md5(n || owner.id) || ' ', 5), n % 150) end,
         n % 3 = 0, at, at, n
       from generate_series(1, $1::int) as n, (${ids}) as owner (id),
         lateral (select now() - n * interval '1 minute' as at) as moment`,
      [tasks],
    );
  };
  await fill(
    `select 'user-' || n from generate_series(0, ${users - 1}) as n`,
    (taskCount - largeCount) / users,
  );
  await fill(`select '${largeUser}'`, largeCount);
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
