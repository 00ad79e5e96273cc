import { spawnSync } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { hs256Verifier } from '../../src/infrastructure/jose/hs256-verifier.ts';
import { startProgram } from '../support/processes/program.ts';
import { scratchFolder, type ScratchFolder } from '../support/processes/scratch-folder.ts';
import { testSecret } from '../support/tokens/tokens.ts';

const script = fileURLToPath(new URL('../../src/cli/create-token.ts', import.meta.url));

describe('npm run token', () => {
  let scratch: ScratchFolder;
  beforeEach(async () => {
    scratch = await scratchFolder();
  });
  afterEach(() => scratch[Symbol.asyncDispose]());

  const run = async (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
    runCommand([process.execPath, script, ...args], environment);

  const runCommand = async (
    command: readonly [string, ...string[]],
    environment: Readonly<Record<string, string>> = {},
  ) => {
    const options = { cwd: scratch.folder, environment: { PATH: process.env['PATH'], ...environment } };
    await using program = await startProgram(command, options);
    return { code: await program.ended, output: program.output() };
  };

  /** The printed token. */
  const tokenOf = async (args: readonly string[], environment?: Readonly<Record<string, string>>) => {
    const { code, output } = await run(args, environment);
    expect(code, output).to.equal(0);
    expect(output).to.match(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    return output.trim();
  };

  const claimsOf = (token: string): unknown =>
    JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

  it('given no configuration: prints a token signed with the secret of the folder', async () => {
    const token = await tokenOf(['ada']);
    expect(await readdir(join(scratch.folder, '.data'))).to.deep.equal(['secret']);
    const secret = await readFile(join(scratch.folder, '.data', 'secret'), 'utf8');
    const verdict = await hs256Verifier({ secret, userIdClaims: ['user_id', 'sub', 'id'] }).verify(token);
    expect(verdict.outcome === 'verified' && verdict.user.id).to.equal('ada');
    if (verdict.outcome !== 'verified') return;
    expect(verdict.validUntilSeconds - Date.now() / 1000).to.be.within(3_550, 3_620);
  });

  for (const failure of ['EPERM', 'EOPNOTSUPP', 'ENOSYS'])
    it(`given a folder without hard links (${failure}): stores a secret there, and uses it again`, async function () {
      this.timeout(30_000);
      const trace = join(scratch.folder, 'trace');
      const calls = '/^link(at)?$';
      const tracing = ['-f', '-qq', '--seccomp-bpf', '-e', `trace=${calls}`, '-o', trace];
      const withoutLinks = ['strace', ...tracing, '-e', `inject=${calls}:error=${failure}`] as const;
      if (spawnSync('strace', [...withoutLinks.slice(1), 'true']).status !== 0) {
        console.log('Skipped: a folder without hard links (strace is not installed, or may not trace).');
        this.skip();
      }
      const { code, output } = await runCommand([...withoutLinks, process.execPath, script, 'ada']);
      expect(code, output).to.equal(0);
      expect(await readFile(trace, 'utf8'))
        .to.include(`${failure} `)
        .and.to.include('INJECTED');
      expect(await readdir(join(scratch.folder, '.data'))).to.deep.equal(['secret']);
      const file = join(scratch.folder, '.data', 'secret');
      expect((await stat(file)).mode & 0o777).to.equal(0o600);
      const secret = await readFile(file, 'utf8');
      for (const token of [output.trim(), await tokenOf(['ada'])])
        expect(await hs256Verifier({ secret, userIdClaims: ['sub'] }).verify(token)).to.include({
          outcome: 'verified',
        });
    });

  it('given a configuration: uses its secret, issuer, audience and claims', async () => {
    const rules = {
      secret: testSecret,
      issuer: 'https://issuer.example.org',
      audience: 'tasks',
      userIdClaims: ['uid'],
    };
    const token = await tokenOf(['ada', '--expires', '2d'], {
      BETTER_AUTH_SECRET: testSecret,
      JWT_ISSUER: rules.issuer,
      JWT_AUDIENCE: rules.audience,
      JWT_USER_ID_CLAIMS: 'uid',
    });
    const verdict = await hs256Verifier(rules).verify(token);
    expect(verdict.outcome === 'verified' && verdict.user.id).to.equal('ada');
    expect(await readdir(scratch.folder)).to.deep.equal([]);
  });

  it('given --claim: adds or replaces claims', async () => {
    const token = await tokenOf([
      'ada',
      '--claim',
      'email=a=b@example.org',
      '--claim',
      'name=Ada',
      '--claim=sub=bob',
    ]);
    expect(claimsOf(token)).to.include({ sub: 'bob', email: 'a=b@example.org', name: 'Ada' });
  });

  it('given --claim with scopes: the token is limited to them', async () => {
    const token = await tokenOf(['ada', '--claim', 'scope=openid tasks:read'], {
      BETTER_AUTH_SECRET: testSecret,
    });
    const verdict = await hs256Verifier({ secret: testSecret, userIdClaims: ['sub'] }).verify(token);
    expect(verdict.outcome === 'verified' && verdict.permissions).to.deep.equal({ read: true, write: false });
  });

  for (const [what, args] of [
    ['no user', []],
    ['two users', ['ada', 'bob']],
    ['an empty user', ['']],
    ['a user with a control character', ['ada\u007f']],
    ['an unknown option', ['ada', '--forever']],
    ['a lifetime of 0', ['ada', '--expires', '0s']],
    ['a lifetime without a unit', ['ada', '--expires', '60']],
    ['a claim without a value', ['ada', '--claim', 'email']],
    ['a claim for the lifetime', ['ada', '--claim', 'exp=5']],
    ['a claim without a name', ['ada', '--claim', '=x']],
  ] as const)
    it(`given ${what}: exit code 64, and the usage is printed`, async () => {
      const { code, output } = await run(args);
      expect(code).to.equal(64);
      expect(output).to.match(/^[^\n]+\n[^]*\nusage: npm run token -- <user>/);
      expect(output).not.to.include('    at ');
    });

  for (const [what, environment, reason] of [
    [
      'production',
      { NODE_ENV: 'production', DATABASE_URL: 'postgres://db/tasks', BETTER_AUTH_SECRET: testSecret },
      'NODE_ENV is production: only the issuer can create tokens',
    ],
    ['production without other variables', { NODE_ENV: 'production' }, 'is required in production'],
    ['a JWKS_URL without a secret', { JWKS_URL: 'http://localhost/jwks' }, 'BETTER_AUTH_SECRET is required'],
  ] as const)
    it(`given ${what}: exit code 78, and no token`, async () => {
      const { code, output } = await run(['ada'], environment);
      expect(code).to.equal(78);
      expect(output).to.match(/^Taskhold cannot create a token with this configuration:\n/);
      expect(output).to.include(reason);
      expect(await readdir(scratch.folder)).to.deep.equal([]);
    });
});
