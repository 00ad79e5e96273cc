import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { example, exampleFile, readmeFile, withTable } from '../../scripts/configuration.ts';
import { loadConfig, variables } from '../../src/config/config.ts';

describe('what is written about the configuration', () => {
  it('is in README.md as src/config/config.ts says it (npm run docs writes it)', async () => {
    const readme = await readFile(readmeFile, 'utf8');
    expect(readme).to.equal(withTable(readme));
    for (const name of Object.keys(variables)) expect(readme).to.include(`| \`${name}\` |`);
  });

  it('is in .env.example as src/config/config.ts says it (npm run docs writes it)', async () => {
    expect(await readFile(exampleFile, 'utf8')).to.equal(example());
  });

  it('says of every variable what it means', () => {
    for (const [name, variable] of Object.entries(variables))
      expect(variable.description, name).to.be.a('string');
  });

  it('changes nothing when .env.example is copied to .env', async () => {
    const copied = parseEnv(await readFile(exampleFile, 'utf8'));
    expect(copied).to.have.all.keys(Object.keys(variables));
    expect(loadConfig(copied)).to.deep.equal(loadConfig({}));
  });
});
