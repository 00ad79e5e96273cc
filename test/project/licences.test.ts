import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { productionLicences } from '../../scripts/licences.ts';
import packageJson from '../../package.json' with { type: 'json' };

/** Licences that ask for no more than a notice, which the installed packages carry. */
const allowed: readonly string[] = [
  ...['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'],
  // A choice, and two lists of names that packages are published with.
  ...['(MIT OR CC0-1.0)', 'CC0-1.0', 'CC-BY-3.0'],
];

describe('licences of production packages', () => {
  it('given package-lock.json: every dependency is listed, with an allowed licence', async () => {
    const found = productionLicences(await readFile('package-lock.json', 'utf8'));
    expect(found.map(({ name }) => name)).to.include.members(Object.keys(packageJson.dependencies));
    expect(found.filter(({ license }) => !allowed.includes(license))).to.deep.equal([]);
  });

  it('given other licences, development packages, workspaces and copies: each production package once, as it is', () => {
    const packages = {
      '': { version: '1.0.0' },
      'node_modules/a': { version: '1.0.0', license: 'GPL-3.0-only' },
      'node_modules/b/node_modules/a': { version: '1.0.0', license: 'GPL-3.0-only' },
      'node_modules/@x/b': { version: '2.0.0' },
      'node_modules/c': { version: '1.0.0', license: 'MIT', dev: true },
      'node_modules/workspace': { resolved: 'workspace', link: true },
      workspace: { version: '1.0.0', license: 'MIT' },
    };
    expect(productionLicences(JSON.stringify({ packages }))).to.deep.equal([
      { name: '@x/b', version: '2.0.0', license: 'UNKNOWN' },
      { name: 'a', version: '1.0.0', license: 'GPL-3.0-only' },
    ]);
  });
});
