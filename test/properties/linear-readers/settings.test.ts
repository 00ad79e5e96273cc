import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvFile } from '../../../src/config/files/env-file.ts';
import { loadSettings } from '../../../src/config/load-settings.ts';
import { variables } from '../../../src/config/variables.ts';
import { readConnectionSettings } from '../../../src/infrastructure/postgres/connection/connection-settings.ts';
import { hostileTexts, itReadsInLinearTime } from '../../support/linear-reader.ts';

const names = Object.keys(variables);
const prefixes: Readonly<Record<string, string>> = {
  DATABASE_URL: 'postgres://a@b/',
  REDIS_URL: 'redis://',
  JWKS_URL: 'https://',
  CORS_ORIGINS: 'http://a',
};

describe('settings are read in linear time', () => {
  const more = ['HS256,', 'http://a.b,', '\u00fc'];
  itReadsInLinearTime(
    'given the same value for all settings',
    (value: string) => loadSettings(Object.fromEntries(names.map((name) => [name, value]))),
    hostileTexts('', 'x', more),
  );
  itReadsInLinearTime(
    'given the required prefix and the same rest for all settings',
    (value: string) =>
      loadSettings(Object.fromEntries(names.map((name) => [name, (prefixes[name] ?? '1') + value]))),
    hostileTexts('', 'x', more),
  );
});

describe('an env file is read in linear time', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'taskhold-env-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const more = ['\n', ' \n', 'PORT=1\n', 'PORT="\n', "PORT='1'\n", 'export PORT = 1 # 1\n', '#\n'];
  itReadsInLinearTime(
    'given lines that repeat',
    async (text: string) => {
      const file = join(folder, '.env');
      await writeFile(file, text);
      return readEnvFile(file, names);
    },
    { ...hostileTexts('', '', more), ...hostileTexts('PORT=', '\n', more) },
  );
});

describe('a connection string is read in linear time', () => {
  const parameters = ['ssl=1&', 'sslmode=require&', '&'];
  const distinct = (size: number): string =>
    Array.from({ length: Math.ceil(size / 10) }, (_, index) => `ssl${index}=v`).join('&');

  itReadsInLinearTime('given a URI', (uri: string) => readConnectionSettings(uri, {}), {
    ...hostileTexts('postgres://', '', [...parameters, '@', '[', ':1,', '%']),
    ...hostileTexts('postgres://user:', '@host/database'),
    ...hostileTexts('postgres://user@host/database?', '', parameters),
    'many parameters for TLS': (size) => `postgres://user@host/database?${distinct(size)}`,
  });
});
