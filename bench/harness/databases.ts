import postgres from 'postgres';
import { runMigrations } from '../../src/infrastructure/postgres/run-migrations.ts';
import { fill } from './seed.ts';
import { seed } from './scenarios.ts';

/** Creates a database with this name on a server, migrates and fills it. */
export const createFilledDatabase = async (serverUrl: string, name: string): Promise<string> => {
  const sql = postgres(serverUrl, { max: 1 });
  await sql`CREATE DATABASE ${sql(name)}`;
  await sql.end();
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await runMigrations(url.href);
  await fill(url.href, seed);
  return url.href;
};
