import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadSettings } from '../../../src/config/load-settings.ts';
import { environmentWarnings } from '../../../src/config/read-environment.ts';
import { readSecretFiles } from '../../../src/config/files/secret-files.ts';
import { scratchFolder, type ScratchFolder } from '../../support/processes/scratch-folder.ts';
import { problemsOf } from '../../support/config-problems.ts';

const secret = 'correct horse battery staple, 32 bytes';

describe('files of secrets', () => {
  let scratch: ScratchFolder;
  beforeEach(async () => {
    scratch = await scratchFolder();
  });
  afterEach(() => scratch[Symbol.asyncDispose]());

  const file = async (content: string | Buffer): Promise<string> => {
    const path = join(scratch.folder, 'secret');
    await writeFile(path, content);
    return path;
  };
  const secretOf = (path: string): string | undefined =>
    loadSettings({ BETTER_AUTH_SECRET_FILE: path }).tokens.secret;

  it('given a file for each secret: the settings are those of the same values in variables', async () => {
    const values = {
      DATABASE_URL: 'postgres://ada@localhost/tasks',
      BETTER_AUTH_SECRET: secret,
      REDIS_URL: 'redis://localhost:6379',
    };
    for (const [name, value] of Object.entries(values))
      expect(loadSettings({ [`${name}_FILE`]: await file(value) }), name).to.deep.equal(
        loadSettings({ [name]: value }),
      );
  });

  for (const [what, end] of [
    ['no line end', ''],
    ['LF', '\n'],
    ['CRLF', '\r\n'],
  ] as const)
    it(`given ${what} at the end: the value has no line end`, async () => {
      expect(secretOf(await file(secret + end))).to.equal(secret);
    });

  it('given a space at the end of a secret: it is a part of the secret, with a warning', async () => {
    const environment = { BETTER_AUTH_SECRET_FILE: await file(`${secret} \n`) };
    expect(loadSettings(environment).tokens.secret).to.equal(`${secret} `);
    expect(environmentWarnings(readSecretFiles(environment).environment, null)).to.deep.equal([
      'BETTER_AUTH_SECRET begins or ends with white space, which is a part of the secret.',
    ]);
  });

  it('given a byte order mark: it is skipped', async () => {
    expect(secretOf(await file(`\ufeff${secret}\n`))).to.equal(secret);
  });

  it('given a link to the file, as Kubernetes makes them: it is followed', async () => {
    const link = join(scratch.folder, 'link');
    await symlink(await file(secret), link);
    expect(secretOf(link)).to.equal(secret);
  });

  it('given an empty variable beside the file, or an empty path: unset', async () => {
    expect(
      loadSettings({ BETTER_AUTH_SECRET: '', BETTER_AUTH_SECRET_FILE: await file(secret) }).tokens.secret,
    ).to.equal(secret);
    expect(loadSettings({ BETTER_AUTH_SECRET: secret, BETTER_AUTH_SECRET_FILE: ' ' }).tokens.secret).to.equal(
      secret,
    );
  });

  it('given the variable and the file: refused, for each variable', async () => {
    const path = await file(secret);
    const both = {
      ...{ DATABASE_URL: 'postgres://db', DATABASE_URL_FILE: path },
      ...{ BETTER_AUTH_SECRET: secret, BETTER_AUTH_SECRET_FILE: path },
      ...{ REDIS_URL: 'redis://redis', REDIS_URL_FILE: path },
    };
    expect(problemsOf(both)).to.deep.equal([
      'DATABASE_URL and DATABASE_URL_FILE must not both be set',
      'BETTER_AUTH_SECRET and BETTER_AUTH_SECRET_FILE must not both be set',
      'REDIS_URL and REDIS_URL_FILE must not both be set',
    ]);
  });

  it('given a value that is not valid: the problem of the variable, without the value', async () => {
    expect(problemsOf({ REDIS_URL_FILE: await file('http://hunter2') })).to.deep.equal([
      'REDIS_URL must be a redis:// or rediss:// URL',
    ]);
  });

  const refused: readonly (readonly [what: string, content: string | Buffer, reason: string])[] = [
    ['an empty file', '', 'is empty'],
    ['a line end alone', '\n', 'is empty'],
    ['two line ends', 'hunter2\n\n', 'must have one line'],
    ['a line end at the beginning', '\nhunter2', 'must have one line'],
    ['two lines', 'hunter2\nhunter2\n', 'must have one line'],
    ['a CR at the end', 'hunter2\r', 'must have one line'],
    ['ISO 8859-1', Buffer.from('hunter2-é', 'latin1'), 'is not valid UTF-8'],
    ['more than 1 MiB', 'hunter2'.repeat(200_000), 'is larger than 1 MiB'],
  ];
  for (const [what, content, reason] of refused)
    it(`given ${what}: refused in production with this problem alone, without path and value`, async () => {
      const path = await file(content);
      const given = { NODE_ENV: 'production', DATABASE_URL_FILE: path, BETTER_AUTH_SECRET_FILE: path };
      expect(problemsOf(given)).to.deep.equal([
        `DATABASE_URL_FILE: the file ${reason}`,
        `BETTER_AUTH_SECRET_FILE: the file ${reason}`,
      ]);
    });

  it('given no file, a folder or a named pipe: refused, without the path', async () => {
    const folder = join(scratch.folder, 'hunter2');
    const pipe = join(scratch.folder, 'pipe');
    await mkdir(folder);
    execFileSync('mkfifo', [pipe]);
    const reasonOf = (path: string) => problemsOf({ REDIS_URL_FILE: path });
    expect(reasonOf(`${folder}/none`)).to.deep.equal(['REDIS_URL_FILE: the file does not exist']);
    expect(reasonOf(folder)).to.deep.equal(['REDIS_URL_FILE: the file is a folder, not a file']);
    expect(reasonOf(pipe)).to.deep.equal([
      'REDIS_URL_FILE: the file is a pipe, socket or device, not a file',
    ]);
  });

  it('given the secret itself in place of a path: it is not in the problem', () => {
    expect(problemsOf({ BETTER_AUTH_SECRET_FILE: `${secret}/hunter2` })).to.deep.equal([
      'BETTER_AUTH_SECRET_FILE: the file does not exist',
    ]);
    expect(problemsOf({ BETTER_AUTH_SECRET_FILE: 'hunter2\nhunter2' })).to.deep.equal([
      'BETTER_AUTH_SECRET_FILE must not contain control characters, such as line ends',
    ]);
  });
});
