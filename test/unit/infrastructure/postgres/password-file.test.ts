import { expect } from 'chai';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  NoPasswordError,
  readPassword,
} from '../../../../src/infrastructure/postgres/connection/password-file.ts';

/** Before the line: one for another host, one for another port, and so on. */
const afterWrongLines = (line: string): string => {
  const fields = line.split(':');
  const wrong = [0, 1, 2, 3].map((at) => fields.with(at, '1').with(4, 'other').join(':'));
  return [...wrong, line].join('\n');
};

describe('readPassword', () => {
  let folder: string;
  let file: string;
  const login = { host: 'db.example', port: 5432, database: 'tasks', user: 'ada' };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'taskhold-passwords-'));
    file = join(folder, 'pgpass');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const passwordIn = async (content: string, changes: Partial<typeof login> = {}): Promise<string> => {
    await writeFile(file, content, { mode: 0o600 });
    return readPassword(file, { ...login, ...changes });
  };

  const contents: readonly (readonly [name: string, content: string, changes?: Partial<typeof login>])[] = [
    ['one line', 'db.example:5432:tasks:ada:secret'],
    ['two lines that fit: the first', '*:*:*:ada:secret\n*:*:*:*:other\n'],
    [
      'a line for another host, port, database or user before',
      afterWrongLines('db.example:5432:tasks:ada:secret'),
    ],
    ['line ends of Windows', '# comment\r\n\r\n*:5432:*:*:secret\r\n'],
    ['a comment that would fit', '#*:*:*:*:other\n*:*:*:*:secret'],
    ['a line that is cut off, and one without a password', '*:*:*\n*:*:*:*\n*:*:*:*:\n*:*:*:*:secret'],
    ['escaped characters', '*:*:a\\:b\\\\c:*:se\\cr\\et', { database: 'a:b\\c' }],
    ['more fields than five', '*:*:*:*:secret:more'],
    ['an IPv6 address', '\\:\\:1:*:*:*:secret', { host: '::1' }],
    ['a socket directory of libpq', 'localhost:*:*:*:secret', { host: '/var/run/postgresql' }],
    ['a socket directory of libpq by its path', '/tmp:*:*:*:secret', { host: '/tmp' }],
    ['another socket directory', 'localhost:*:*:*:other\n/sockets:*:*:*:secret', { host: '/sockets' }],
  ];
  for (const [name, content, changes] of contents)
    it(`given ${name}: the password of libpq`, async () => {
      expect(await passwordIn(content, changes)).to.equal('secret');
    });

  it('given an escaped star: it is a character, not a wildcard', async () => {
    expect(await passwordIn('\\*:*:*:*:secret', { host: '*' })).to.equal('secret');
    expect(() => readPassword(file, login)).to.throw(NoPasswordError, 'has no line for this host');
  });

  it('given a backslash at the end of the password: it is a part of it', async () => {
    expect(await passwordIn('*:*:*:*:secret\\')).to.equal('secret\\');
  });

  it('given a file of mode 640: ignored, with the reason', async () => {
    await writeFile(file, '*:*:*:*:secret');
    await chmod(file, 0o640);
    expect(() => readPassword(file, login)).to.throw(NoPasswordError, 'set its mode to 600');
  });

  it('given no file, or a folder: the reason', () => {
    expect(() => readPassword(file, login)).to.throw(NoPasswordError, 'is missing');
    expect(() => readPassword(folder, login)).to.throw(NoPasswordError, 'is a folder, not a file');
  });
});
