import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { example, exampleFile, readmeFile, withTable } from '../../scripts/configuration.ts';
import { loadSettings } from '../../src/config/load-settings.ts';
import { variables } from '../../src/config/variables.ts';

describe('documentation of the configuration', () => {
  it('given README.md: its table is generated from src/config/variables.ts (npm run docs)', async () => {
    const readme = await readFile(readmeFile, 'utf8');
    expect(readme).to.equal(withTable(readme));
    for (const name of Object.keys(variables)) expect(readme).to.include(`| \`${name}\` |`);
  });

  it('given .env.example: generated from src/config/variables.ts (npm run docs)', async () => {
    expect(await readFile(exampleFile, 'utf8')).to.equal(example());
  });

  it('given each variable: it has a description', () => {
    for (const [name, variable] of Object.entries(variables))
      expect(variable.description, name).to.be.a('string');
  });

  it('given .env.example copied to .env: the same settings as without .env', async () => {
    const copied = parseEnv(await readFile(exampleFile, 'utf8'));
    expect(copied).to.have.all.keys(Object.keys(variables));
    expect(loadSettings(copied)).to.deep.equal(loadSettings({}));
  });
});
