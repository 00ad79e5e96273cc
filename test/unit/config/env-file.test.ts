import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ConfigError } from '../../../src/config/config-error.ts';
import { readEnvFile } from '../../../src/config/env-file.ts';

describe('readEnvFile', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'taskhold-env-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const read = async (text: string): Promise<unknown> => {
    const file = join(folder, '.env');
    await writeFile(file, text);
    try {
      return readEnvFile(file, ['HOST', 'PORT'])?.variables;
    } catch (error) {
      if (error instanceof ConfigError) return error.problems.map((problem) => problem.replace(file, '.env'));
      throw error;
    }
  };

  for (const blank of [' ', '\t', '  \r'])
    it(`given ${JSON.stringify(blank)} after = and no value: refused, because Node would take the next line`, async () => {
      expect(await read(`OTHER=${blank}\nPORT=1`)).to.deep.equal([
        '.env line 1 has white space after its = and no value; remove the white space',
      ]);
    });

  it('given no value, comments and blanks around values: read', async () => {
    expect(await read('HOST=\n# A= \nPORT = 1 \n')).to.deep.equal({ HOST: '', PORT: '1' });
  });
});
