import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { runMigrations } from '../../../src/infrastructure/postgres/run-migrations.ts';
import { partitionTables } from './partitioned/partition-tables.ts';
import { startTestServer } from './postgres-server.ts';
import { isPartitioned } from './route.ts';

/** A database that only one test uses. The end of the run drops it if the test does not. */
export interface TestDatabase {
  readonly url: string;
  readonly drop: () => Promise<void>;
}

/** A database with all migrations applied: a copy of a migrated template, which is faster than migrating. */
export const freshDatabase = async (): Promise<TestDatabase> => {
  const server = await sharedServer();
  template ??= migratedTemplate(server);
  return server.create(await template);
};

/** A migrated database with this locale, an option of CREATE DATABASE. Rejects where the server does not have the locale. */
export const databaseWithLocale = async (locale: string): Promise<TestDatabase> => {
  const database = await (await sharedServer()).create('template0', locale);
  await runMigrations(database.url);
  return database;
};

/** A database without tables. */
export const emptyDatabase = async (): Promise<TestDatabase> => (await sharedServer()).create('template0');

/** Starts the shared server. Only for Mocha's root hooks, like `stopTestDatabases`. */
export const startTestDatabases = async (): Promise<void> => {
  await sharedServer();
};

/** Stops the shared server, if it was started. */
export const stopTestDatabases = async (): Promise<void> => {
  const server = starting;
  [starting, template] = [null, null];
  await (await server)?.stop();
};

interface Server {
  create(from: string, options?: string): Promise<TestDatabase>;
  stop(): Promise<void>;
}

let starting: Promise<Server> | null = null;
let template: Promise<string> | null = null;
let isInterrupted = false;

const sharedServer = (): Promise<Server> => {
  if (isInterrupted) return Promise.reject(new Error('The run was interrupted'));
  if (starting === null) stopWhenInterrupted();
  return (starting ??= start());
};

/**
 * Without a listener, Ctrl-C would end the process and not the server. The listeners stay until the server has stopped,
 * because a listener of testcontainers ends the process as soon as it is the only one.
 */
const stopWhenInterrupted = (): void => {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  let stopping: Promise<void> | null = null;
  const stop = (signal: NodeJS.Signals): void => {
    isInterrupted = true; // running tests must not start another server
    stopping ??= stopTestDatabases().finally(() => {
      for (const name of signals) process.off(name, stop);
      process.kill(process.pid, signal);
    });
  };
  for (const name of signals) process.on(name, stop);
};

const start = async (): Promise<Server> => {
  await using undo = new AsyncDisposableStack();
  const { url, kind } = undo.use(await startTestServer());
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  undo.defer(() => client.end());
  const { rows } = await client.query<{ server_version: string }>('show server_version');
  console.log(`PostgreSQL for the tests: ${kind} ${rows[0]?.server_version ?? ''}`);

  const names = new Set<string>();
  const drop = async (name: string): Promise<void> => {
    if (names.delete(name)) await client.query(`drop database if exists ${name} with (force)`);
  };
  undo.defer(async () => {
    for (const name of names) await drop(name);
  });
  const resources = undo.move();
  return {
    create: async (from, options = '') => {
      const name = `taskhold_test_${randomBytes(8).toString('hex')}`;
      names.add(name);
      await client.query(`create database ${name} template ${from} ${options}`);
      const database = new URL(url);
      database.pathname = `/${name}`;
      return { url: database.href, drop: () => drop(name) };
    },
    stop: () => resources.disposeAsync(),
  };
};

const migratedTemplate = async (server: Server): Promise<string> => {
  const { url } = await server.create('template0');
  await runMigrations(url);
  if (isPartitioned) await partitionTables(url);
  return new URL(url).pathname.slice(1);
};
