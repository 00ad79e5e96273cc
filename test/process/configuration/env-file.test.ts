import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { startProgram } from '../../support/processes/program.ts';
import { scratchFolder, type ScratchFolder } from '../../support/processes/scratch-folder.ts';

const programs = ['main', 'cli/migrate', 'cli/check-config', 'cli/create-token'] as const;

/** Only create-token takes an argument: the user. */
const argumentsOf = (name: (typeof programs)[number]) => (name === 'cli/create-token' ? ['ada'] : []);

describe('.env', () => {
  let scratch: ScratchFolder;
  beforeEach(async () => {
    scratch = await scratchFolder();
  });
  afterEach(() => scratch[Symbol.asyncDispose]());

  const envFile = (content: string | Buffer) => writeFile(join(scratch.folder, '.env'), content);

  const run = async (
    name: (typeof programs)[number],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly code: unknown; readonly output: string }> => {
    const script = fileURLToPath(new URL(`../../../src/${name}.ts`, import.meta.url));
    const kept = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] };
    const options = { cwd: scratch.folder, environment: { ...kept, ...environment } };
    await using program = await startProgram([process.execPath, script, ...argumentsOf(name)], options);
    const kill = setTimeout(() => program.signal('SIGKILL'), 15_000); // it waits for a pipe
    const code = await program.ended;
    clearTimeout(kill);
    return { code, output: program.output() };
  };

  /** What every program prints if `.env` sets `NODE_ENV=production` and nothing else. */
  const expectProduction = ({ code, output }: Awaited<ReturnType<typeof run>>): void => {
    expect(code, output).to.equal(78);
    expect(output).to.include('DATABASE_URL is required in production');
  };

  for (const name of programs)
    it(`given a byte order mark and ${name}: it is skipped`, async () => {
      await envFile('\ufeffNODE_ENV=production\n');
      expectProduction(await run(name));
    });

  for (const [what, content] of [
    ['CRLF line ends', 'PORT=0\r\nNODE_ENV=production\r\nLOG_LEVEL=warn\r\n'],
    ['the prefix export', 'export NODE_ENV=production'],
    ['quotation marks', 'NODE_ENV="production"'],
    ['spaces around the name and the value', '  NODE_ENV =  production  # comment'],
    ['a no-break space after the value', 'NODE_ENV=production\u00a0\n'],
  ] as const)
    it(`given ${what}: the variable is set`, async () => {
      await envFile(content);
      expectProduction(await run('cli/check-config'));
    });

  it('given an empty variable in the environment: the value of the file is used', async () => {
    await envFile('NODE_ENV=production');
    expectProduction(await run('cli/check-config', { NODE_ENV: '' }));
  });

  it('given a variable in the environment: it is used instead of the file', async () => {
    await envFile('NODE_ENV=production');
    expect((await run('cli/check-config', { NODE_ENV: 'test' })).code).to.equal(0);
  });

  const line = 'NODE_ENV=production\nBETTER_AUTH_SECRET=hunter2-hunter2-hunter2-hunter2-é\n';
  const bigEndian = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
  const expectRefused = ({ code, output }: Awaited<ReturnType<typeof run>>, reason: string): void => {
    expect(code, output).to.equal(78);
    expect(output)
      .to.include(`  - .env ${reason}`)
      .and.not.match(/hunter2|^ {4}at /m);
    expect(output.trim().split('\n')).to.have.length(2);
  };
  for (const [what, content, reason] of [
    ['UTF-16, little endian', Buffer.from(`\ufeff${line}`, 'utf16le'), 'is UTF-16 or a binary file'],
    ['UTF-16, big endian', bigEndian(`\ufeff${line}`), 'is UTF-16 or a binary file'],
    ['UTF-16 without a byte order mark', Buffer.from(line, 'utf16le'), 'is UTF-16 or a binary file'],
    ['binary content', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 1]), 'is UTF-16 or a binary file'],
    ['line ends of CR alone', Buffer.from('NODE_ENV=production\rPORT=1\r'), 'has lines that end in CR alone'],
    ['two byte order marks', Buffer.from(`\ufeff\ufeff${line}`), 'line 1 has a character before its ='],
    ['a zero-width space in a name', Buffer.from(`PORT=1\nNODE_\u200bENV=x\n`), 'line 2 has a character'],
  ] as const)
    it(`given ${what}: refused, exit code 78, no value is printed`, async () => {
      await envFile(content);
      expectRefused(await run('cli/check-config'), reason);
    });

  it('given a file that is not UTF-8: every program is refused', async () => {
    await envFile(Buffer.from(line, 'latin1'));
    for (const name of programs) expectRefused(await run(name), 'is not valid UTF-8');
  });

  const hash = 'would be cut at its #: put the value in quotes';
  const mark = 'would be cut at its second quotation mark: put the value in quotes of another kind';
  const long = 'hunter2-'.repeat(5);
  for (const [what, content, problem] of [
    ['a secret with a #', `BETTER_AUTH_SECRET=${long}#abc`, `BETTER_AUTH_SECRET in .env ${hash}`],
    [
      'a secret that begins with #',
      `export BETTER_AUTH_SECRET=#${long}`,
      `BETTER_AUTH_SECRET in .env ${hash}`,
    ],
    ['a # in a password', 'DATABASE_URL=postgres://r15:hunter2#34@db/r15', `DATABASE_URL in .env ${hash}`],
    ['a # and a comment', 'PORT=1\r\nJWT_ISSUER = hunter2#1 # comment\r\n', `JWT_ISSUER in .env ${hash}`],
    ['a # in a variable of libpq', 'PGPASSWORD=hunter2#34', `PGPASSWORD in .env ${hash}`],
    [
      'a command in backticks',
      'BETTER_AUTH_SECRET=`openssl rand -base64 32 | cut -c 1-hunter2`',
      'BETTER_AUTH_SECRET in .env must not be a command in backticks',
    ],
    ['text behind quotes', `BETTER_AUTH_SECRET='${long}'hunter2'`, `BETTER_AUTH_SECRET in .env ${mark}`],
  ] as const)
    it(`given ${what}: refused, exit code 78, the value is not printed`, async () => {
      await envFile(content);
      const { code, output } = await run('cli/check-config', {});
      expect(code, output).to.equal(78);
      expect(output).to.include(`  - ${problem}`).and.not.include('hunter2');
      expect(output.trim().split('\n')).to.have.length(2);
    });

  it('given comments, and # in quotes or in variables of other programs: accepted', async () => {
    await envFile(
      [
        'PORT=0 # the port',
        'OPS_PORT= # any',
        `BETTER_AUTH_SECRET="${long}#abc" # a comment with "quotes"`,
        "JWT_ISSUER='a#b'# comment",
        'JWT_AUDIENCE=tasks\t#comment#comment',
        'COLOR=red#1',
      ].join('\n'),
    );
    const { code, output } = await run('cli/check-config', { JWT_ISSUER: '' });
    expect(code, output).to.equal(0);
  });

  it('given a folder with the name .env: refused, exit code 78', async () => {
    await mkdir(join(scratch.folder, '.env'));
    const { code, output } = await run('cli/check-config');
    expect(code).to.equal(78);
    expect(output).to.include('.env is a folder, not a file');
  });

  for (const name of programs)
    it(`given a named pipe with the name .env and ${name}: refused, exit code 78`, async () => {
      execFileSync('mkfifo', [join(scratch.folder, '.env')]);
      const { code, output } = await run(name);
      expect(code, output).to.equal(78);
      expect(output).to.include('.env is a pipe, socket or device, not a file');
    });

  it('given more than 1 MiB: refused, exit code 78', async () => {
    await envFile(`# ${'x'.repeat(1024 * 1024)}`);
    const { code, output } = await run('cli/check-config');
    expect(code, output).to.equal(78);
    expect(output).to.include('.env is larger than 1 MiB');
  });

  it('given named pipes as certificate file and as secret: refused, exit code 78', async () => {
    const pipe = join(scratch.folder, 'secret');
    execFileSync('mkfifo', [pipe]);
    const url = `postgres://root@localhost/db?sslrootcert=${pipe}`;
    const certificate = await run('cli/check-config', { DATABASE_URL: url });
    expect(certificate.code, certificate.output).to.equal(78);
    expect(certificate.output).to.include(
      'sslrootcert names a file that is a pipe, socket or device, not a file',
    );
    const secret = await run('cli/create-token', { DATA_DIR: scratch.folder });
    expect(secret.code, secret.output).to.equal(78);
    expect(secret.output).to.include(`${pipe} is a pipe, socket or device, not a file`);
  });

  it('given misspelled names: each program warns, without values, and goes on', async () => {
    await envFile('CORS_ORIGIN=hunter2\nnode_env=production\n');
    for (const name of ['cli/check-config', 'cli/create-token'] as const) {
      const { code, output } = await run(name, { JWT_ISSUERS: 'hunter2' });
      expect(code, output).to.equal(0);
      expect(output.split('\n').filter((text) => text.startsWith('Taskhold warning: '))).to.have.members([
        'Taskhold warning: CORS_ORIGIN in .env is ignored; the name of the variable is CORS_ORIGINS.',
        'Taskhold warning: node_env in .env is ignored; the name of the variable is NODE_ENV.',
        'Taskhold warning: JWT_ISSUERS is ignored; the name of the variable is JWT_ISSUER.',
      ]);
      expect(output).not.to.include('hunter2');
    }
  });

  it('given lines that set nothing: a warning names the variables', async () => {
    await envFile('NODE_ENV: production\nPORT 8000\n# LOG_LEVEL: warn\n');
    const { output } = await run('cli/check-config');
    expect(output)
      .to.include('Taskhold warning: .env names NODE_ENV but does not set it; write NODE_ENV=value.')
      .and.include('Taskhold warning: .env names PORT but does not set it; write PORT=value.')
      .and.not.include('LOG_LEVEL');
  });

  for (const content of ['', '# only a comment\n', '\ufeff'])
    it(`given the content ${JSON.stringify(content)}: a warning`, async () => {
      await envFile(content);
      expect((await run('cli/check-config')).output).to.include(
        'Taskhold warning: .env sets no variable; is it complete?',
      );
    });
});
