import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export const migrationsDirectory = fileURLToPath(new URL('../migrations/', import.meta.url));

let names: Promise<readonly string[]> | null = null;

/** The names of all migrations of this version, in order. */
export const migrationNames = (): Promise<readonly string[]> =>
  (names ??= readNames().catch((error: unknown) => {
    names = null; // the next call tries again
    throw error;
  }));

const readNames = async (): Promise<readonly string[]> => {
  const files = await readdir(migrationsDirectory);
  return files
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.replace(/\.sql$/, ''))
    .toSorted();
};
