import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { runMigrations } from '../../../src/infrastructure/postgres/run-migrations.ts';
import { startTestServer } from './postgres-server.ts';

/** A database of a test's own, which nobody else uses. Drop it when done; the end of the run drops what is left. */
export interface TestDatabase {
  readonly url: string;
  readonly drop: () => Promise<void>;
}

/** A database with all migrations applied: a copy of one that was migrated, which takes a fraction of the time. */
export const freshDatabase = async (): Promise<TestDatabase> => {
  const server = await theServer();
  template ??= migratedTemplate(server);
  return server.create(await template);
};

/** A database without a single table. */
export const emptyDatabase = async (): Promise<TestDatabase> => (await theServer()).create('template0');

/** Starts the run's server before a test asks for it. For the hooks of the run alone, like `stopTestDatabases`. */
export const startTestDatabases = async (): Promise<void> => {
  await theServer();
};

/** Ends the run's server, if a test made it start. */
export const stopTestDatabases = async (): Promise<void> => {
  const server = starting;
  [starting, template] = [null, null];
  await (await server)?.stop();
};

interface Server {
  create(from: string): Promise<TestDatabase>;
  stop(): Promise<void>;
}

let starting: Promise<Server> | null = null;
let template: Promise<string> | null = null;
let isInterrupted = false;

const theServer = (): Promise<Server> => {
  if (isInterrupted) return Promise.reject(new Error('The run was interrupted'));
  if (starting === null) stopWhenInterrupted();
  return (starting ??= start());
};

/**
 * Mocha leaves a Ctrl-C to Node, which would leave the server behind. The listeners stay until it is gone, since one that
 * testcontainers brings along ends the process as soon as nobody else listens.
 */
const stopWhenInterrupted = (): void => {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  let stopping: Promise<void> | null = null;
  const stop = (signal: NodeJS.Signals): void => {
    isInterrupted = true; // the tests go on while the server stops: they are not to start another one
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
    create: async (from) => {
      const name = `taskhold_test_${randomBytes(8).toString('hex')}`;
      names.add(name);
      await client.query(`create database ${name} template ${from}`);
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
  return new URL(url).pathname.slice(1);
};
