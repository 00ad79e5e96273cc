import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const dependencies = z.record(z.string(), z.string()).default({});

const manifestShape = z.object({
  allowScripts: z.record(z.string(), z.boolean()),
  workspaces: z.array(z.string()),
  dependencies,
  devDependencies: dependencies,
  optionalDependencies: dependencies,
});

const lockShape = z.object({
  lockfileVersion: z.literal(3),
  packages: z.record(
    z.string(),
    z.looseObject({
      name: z.string().optional(),
      version: z.string().optional(),
      resolved: z.string().optional(),
      link: z.boolean().optional(),
      integrity: z.string().optional(),
      hasInstallScript: z.boolean().optional(),
    }),
  ),
});

type Manifest = z.infer<typeof manifestShape>;
type Lock = z.infer<typeof lockShape>;
type Entry = Lock['packages'][string];

const exact = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;
const sha512 = /^sha512-[A-Za-z0-9+/]{86}==$/;

const nameOf = (path: string, { name }: Entry): string => name ?? path.split('node_modules/').at(-1) ?? path;

const faultsOf = (path: string, entry: Entry, { allowScripts }: Manifest): string[] => [
  ...(exact.test(entry.version ?? '') ? [] : [`${path} has no exact version`]),
  ...(sha512.test(entry.integrity ?? '') ? [] : [`${path} has no sha512 integrity`]),
  ...('resolved' in entry ? [`${path} has a URL`] : []),
  ...('link' in entry ? [`${path} is a link to a local folder`] : []),
  ...(entry.hasInstallScript === true && !(nameOf(path, entry) in allowScripts)
    ? [`${path} has an install script that allowScripts does not list`]
    : []),
];

/** Entries that would install packages, or run install scripts, other than those that were reviewed. */
const faults = (manifest: Manifest, lock: Lock): string[] => {
  // A workspace is a folder of the project, with an entry for the folder and one for its link.
  const isOwn = (path: string, { link, resolved = path }: Entry): boolean =>
    path === '' || (manifest.workspaces.includes(resolved) && (path === resolved || link === true));
  const packages = Object.entries(lock.packages).filter(([path, entry]) => !isOwn(path, entry));
  const withScript = new Set(
    packages
      .filter(([, entry]) => entry.hasInstallScript === true)
      .map(([path, entry]) => nameOf(path, entry)),
  );
  const { allowScripts, dependencies, devDependencies, optionalDependencies } = manifest;
  const direct = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
  return [
    ...packages.flatMap(([path, entry]) => faultsOf(path, entry, manifest)),
    ...direct.filter(([, version]) => !exact.test(version)).map(([name]) => `${name} is not exact`),
    ...direct
      .filter(([name, version]) => lock.packages[`node_modules/${name}`]?.version !== version)
      .map(([name]) => `${name} is locked at another version`),
    ...Object.keys(allowScripts)
      .filter((name) => !withScript.has(name))
      .map((name) => `${name} in allowScripts has no install script`),
  ];
};

describe('package-lock.json', () => {
  let manifest: Manifest;
  let lock: Lock;
  before(async () => {
    manifest = manifestShape.parse(JSON.parse(await readFile('package.json', 'utf8')));
    lock = lockShape.parse(JSON.parse(await readFile('package-lock.json', 'utf8')));
  });

  it('given every package: exact version, sha512 hash, no URL, and install scripts only where allowed', () => {
    expect(Object.keys(lock.packages).length).to.be.greaterThan(100);
    expect(faults(manifest, lock)).to.deep.equal([]);
  });

  const integrity = `sha512-${'A'.repeat(86)}==`;
  const planted: Readonly<Record<string, Entry>> = {
    'x has no exact version': { version: 'git+ssh://git@example.org/x.git#1', integrity },
    'x has no sha512 integrity': { version: '1.0.0', integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' },
    'x has a URL': { version: '1.0.0', integrity, resolved: 'https://example.org/x-1.0.0.tgz' },
    'x is a link to a local folder': { version: '1.0.0', integrity, link: true },
    'x has an install script that allowScripts does not list': {
      version: '1.0.0',
      integrity,
      hasInstallScript: true,
    },
  };
  for (const [fault, entry] of Object.entries(planted)) {
    it(`given a package where ${fault}: reported`, () => {
      const packages = { ...lock.packages, 'node_modules/x': entry };
      expect(faults(manifest, { ...lock, packages })).to.deep.equal([`node_modules/${fault}`]);
    });
  }

  it('given a version range, or an allowed script of an absent package: reported', () => {
    const loose = {
      ...manifest,
      dependencies: { ...manifest.dependencies, koa: '^3.0.0' },
      allowScripts: { ...manifest.allowScripts, gone: true },
    };
    expect(faults(loose, lock)).to.deep.equal([
      'koa is not exact',
      'koa is locked at another version',
      'gone in allowScripts has no install script',
    ]);
  });
});
