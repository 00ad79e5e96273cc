/* Prints the packages of production with their versions and licences, as package-lock.json has them: `npm run licences`. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const lockShape = z.object({
  packages: z.record(
    z.string(),
    z.object({
      name: z.string().optional(),
      version: z.string().default('UNKNOWN'),
      /** An SPDX expression (https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/). */
      license: z.string().default('UNKNOWN'),
      dev: z.boolean().default(false),
      devOptional: z.boolean().default(false),
      /** A workspace of this repository. */
      link: z.boolean().default(false),
    }),
  ),
});

export interface LicensedPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

/** The packages of a lockfile that the service needs, the optional ones included, by name and version. */
export const productionLicences = (lockfile: string): readonly LicensedPackage[] => {
  const { packages } = lockShape.parse(JSON.parse(lockfile));
  const found = Object.entries(packages)
    .filter(
      ([path, { dev, devOptional, link }]) => path.includes('node_modules/') && !dev && !devOptional && !link,
    )
    .map(([path, { name = path.split('node_modules/').at(-1) ?? path, version, license }]) => ({
      name,
      version,
      license,
    }));
  // A package can be installed at several paths.
  const once = new Map(found.map((one) => [`${one.name}@${one.version}`, one]));
  return [...once].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
};

if (import.meta.main) {
  const lockfile = await readFile(new URL('../package-lock.json', import.meta.url), 'utf8');
  const lines = productionLicences(lockfile).map(
    ({ name, version, license }) => `${name}@${version}\t${license}\n`,
  );
  process.stdout.write(lines.join(''));
}
