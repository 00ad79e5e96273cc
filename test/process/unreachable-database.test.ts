import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { startProgram } from '../support/processes/program.ts';
import { emptyDatabase, type TestDatabase } from '../support/postgres/postgres.ts';
import { testSecret } from '../support/tokens/tokens.ts';

describe('a database that cannot be reached', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  before(async () => {
    database = await emptyDatabase();
  });
  after(() => database.drop());

  const changed = (change: (url: URL) => void): string => {
    const url = new URL(database.url);
    change(url);
    return url.href;
  };

  for (const [what, urlOf] of [
    ['a port that nothing listens on', () => 'postgres://root:hunter2@127.0.0.1:1/tasks'],
    ['a database that does not exist', () => changed((url) => (url.pathname = '/nodb'))],
    [
      'TLS that the server does not offer',
      () => changed((url) => url.searchParams.set('sslmode', 'require')),
    ],
    ['a role that may not log in', () => changed((url) => (url.username = 'nobody_here'))],
  ] as const)
    for (const name of ['main', 'cli/migrate'] as const)
      it(`given ${what} and ${name}: one line without a stack, exit code 69`, async () => {
        const script = fileURLToPath(new URL(`../../src/${name}.ts`, import.meta.url));
        const environment = {
          PATH: process.env['PATH'],
          NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
          DATABASE_URL: urlOf(),
          BETTER_AUTH_SECRET: testSecret,
        };
        await using program = await startProgram([process.execPath, script], { cwd: '/', environment });
        const kill = setTimeout(() => program.signal('SIGTERM'), 15_000);
        const code = await program.ended;
        clearTimeout(kill);
        expect(code, program.output()).to.equal(69);
        expect(program.output()).to.match(
          /^Taskhold cannot \w+: PostgreSQL cannot be reached: [^\n]+\. Check DATABASE_URL and the server\n$/,
        );
        expect(program.output()).not.to.include('hunter2');
      });
});
