import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ConfigError } from '../../../src/config/config-error.ts';
import { readEnvFile } from '../../../src/config/files/env-file.ts';

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

  const replaced: readonly (readonly [text: string, name: string])[] = [
    ['PORT=8001\nPORT=', 'PORT'],
    ['HOST=a\r\nPORT=1\r\nHOST=\r\n', 'HOST'],
    ['PORT=1\n  export PORT = 2', 'PORT'],
    ['export PORT="1"\nPORT=2\nPORT=2', 'PORT'],
    ['PORT=1\nPORT=2\nPORT=', 'PORT'],
    ['PORT="1\nPORT=2"\nPORT=2', 'PORT'],
    ['PGSSLMODE=verify-full\nPGSSLMODE=', 'PGSSLMODE'],
  ];
  for (const [text, name] of replaced)
    it(`given ${JSON.stringify(text)}: refused, because the last value would count alone`, async () => {
      expect(await read(text)).to.deep.equal([
        `.env sets ${name} more than once, to different values; keep one line`,
      ]);
    });

  const repeated: readonly (readonly [text: string, variables: object])[] = [
    ['PORT=1\nPORT="1"', { PORT: '1' }],
    ['PORT=\nPORT=1', { PORT: '1' }],
    ['PORT=1\n#PORT=2', { PORT: '1' }],
    ['OTHER=1\nOTHER=2', { OTHER: '2' }],
    ['PORT=1\nOTHER="a\nPORT=2\n"', { PORT: '1', OTHER: 'a\nPORT=2\n' }],
    ['PORT="a\nPORT=b"', { PORT: 'a\nPORT=b' }],
    ["PORT='a\nexport PORT = b'\nPORT='a\nexport PORT = b'", { PORT: 'a\nexport PORT = b' }],
    ['OTHER="\nPORT=2\n"\nPORT=1', { PORT: '1', OTHER: '\nPORT=2\n' }],
  ];
  for (const [text, variables] of repeated)
    it(`given ${JSON.stringify(text)}: read`, async () => {
      expect(await read(text)).to.deep.equal(variables);
    });

  for (const text of [
    'PORT 1',
    'export PORT 1',
    'Environment=PORT=1',
    'Environment="PORT=1"',
    ' Environment = "OTHER=1" "PORT=1"',
    'Environment=OTHER=1 PORT=1',
    '[Service]\nEnvironment=PORT=1\nEnvironment=OTHER=1',
    'environment=OTHER="1",PORT="1"',
  ])
    it(`given ${JSON.stringify(text)}: PORT is named without a value`, async () => {
      const file = join(folder, '.env');
      await writeFile(file, text);
      expect(readEnvFile(file, ['HOST', 'PORT'])?.withoutValue).to.deep.equal(['PORT']);
    });

  for (const text of [
    'Environment=MY_PORT=1',
    'Environment=PORT',
    'OTHER=PORT=1',
    'Environment=PORT=1\nPORT=1',
  ])
    it(`given ${JSON.stringify(text)}: no variable is named without a value`, async () => {
      const file = join(folder, '.env');
      await writeFile(file, text);
      expect(readEnvFile(file, ['HOST', 'PORT'])?.withoutValue).to.deep.equal([]);
    });

  it('given a link to a file that does not exist: refused', async () => {
    const file = join(folder, '.env');
    await symlink(join(folder, 'nowhere'), file);
    expect(() => readEnvFile(file, [])).to.throw(ConfigError, '.env is a link to a file that does not exist');
  });

  it('given no file: null', () => {
    expect(readEnvFile(join(folder, '.env'), [])).to.equal(null);
  });
});
