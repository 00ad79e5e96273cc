import { startPgBouncer, type PgBouncer } from './pgbouncer.ts';

/** How the service connects to a database. */
export interface Route {
  readonly url: string;
  readonly preparedStatements: boolean;
  readonly batching: boolean;
}

/** With `TEST_SCHEMA=partitioned`, the tables of all databases are partitioned by user, and no statement is for several users. */
export const isPartitioned = process.env['TEST_SCHEMA'] === 'partitioned';

/** Without a pooler. */
export const directRoute = (url: string): Route => ({
  url,
  preparedStatements: true,
  batching: !isPartitioned,
});

let pooler: Promise<PgBouncer> | null = null;

/** Directly, or with `TEST_POOLER=pgbouncer` through one shared PgBouncer in transaction mode. */
export const routeTo = async (databaseUrl: string): Promise<Route> => {
  if (process.env['TEST_POOLER'] !== 'pgbouncer') return directRoute(databaseUrl);
  const url = new URL(databaseUrl);
  url.host = new URL((await (pooler ??= start(databaseUrl))).url).host;
  return { ...directRoute(url.href), preparedStatements: false };
};

/** Only for Mocha's root hooks. */
export const stopPooler = async (): Promise<void> => {
  const running = pooler;
  pooler = null;
  await (await running)?.[Symbol.asyncDispose]();
};

const start = async (databaseUrl: string): Promise<PgBouncer> => {
  const started = await startPgBouncer(databaseUrl, { everyDatabase: true });
  if (started === null) throw new Error('TEST_POOLER=pgbouncer needs pgbouncer, which is not installed.');
  console.log(`The service connects through: ${started.version}, in transaction mode`);
  return started;
};
