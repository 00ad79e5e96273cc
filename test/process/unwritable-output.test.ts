import { expect } from 'chai';
import { access, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkout, type Checkout } from '../support/processes/checkout.ts';
import { freePort } from '../support/processes/free-port.ts';
import { sampleOf, samplesOf } from '../support/metrics.ts';
import { freshDatabase, type TestDatabase } from '../support/postgres/postgres.ts';
import { testSecret } from '../support/tokens/tokens.ts';
import { timed, until } from '../support/until.ts';

/** Prints on SIGUSR2, not through the log; then makes a folder, which a limit of file sizes allows. */
const printingLibrary = `
  import { mkdirSync } from 'node:fs';
  const print = (stream) => new Promise((resolve) => stream.write('text of a library\\n', resolve));
  process.on('SIGUSR2', async () => {
    for (let i = 0; i < 2; i += 1) await Promise.all([print(process.stdout), print(process.stderr)]);
    setImmediate(() => mkdirSync('printed'));
  });
`;

describe('output that cannot be written', function () {
  this.timeout(120_000);
  let database: TestDatabase;
  let project: Checkout;

  before(async () => {
    database = await freshDatabase();
    project = await checkout();
  });
  after(async () => {
    await project[Symbol.asyncDispose]();
    await database.drop();
  });

  /** A shell command that becomes the service; `redirections` say where its output goes. */
  const command = async (redirections: string) => {
    const [port, operationsPort] = [await freePort(), await freePort()];
    const variables = [
      'NODE_ENV=production RATE_LIMIT_MAX=0 SHUTDOWN_TIMEOUT_MS=5000',
      `DATABASE_URL='${database.url}' BETTER_AUTH_SECRET='${testSecret}'`,
      `PORT=${port} OPS_PORT=${operationsPort}`,
    ];
    const script = `${variables.join(' ')} exec '${process.execPath}' src/main.ts ${redirections}`;
    const api = `http://127.0.0.1:${port}`;
    const dropped = async (): Promise<number> =>
      sampleOf(
        samplesOf(await (await fetch(`http://127.0.0.1:${operationsPort}/metrics`)).text()),
        'taskhold_log_lines_dropped_total',
      );
    const isReady = (): Promise<boolean> =>
      fetch(`${api}/health/ready`).then(
        ({ status }) => status === 200,
        () => false,
      );
    const send = async (count: number): Promise<void> => {
      for (let sent = 0; sent < count; sent += 10) {
        const statuses = await Promise.all(
          Array.from({ length: 10 }, async () => (await fetch(`${api}/x`)).status),
        );
        expect(statuses).to.deep.equal(Array<number>(10).fill(404));
      }
    };
    return { script, send, dropped, ready: () => until('ready', isReady, 30_000) };
  };

  const outputs: readonly [name: string, redirections: string][] = [
    ['a full disk', '> /dev/full 2>&1'],
    ['a reader that has ended', '2>&1 > >(true)'],
    ['a file at its size limit', '> limited.log 2>&1'],
  ];
  for (const [name, redirections] of outputs) {
    it(`given ${name}: requests are answered, lines are counted, and SIGTERM ends the service`, async () => {
      const { script, send, dropped, ready } = await command(redirections);
      const limit = redirections.includes('limited') ? 'ulimit -f 0; ' : '';
      await using program = await project.bash(limit + script);
      await ready();
      await send(50);
      await until('lines are counted', async () => (await dropped()) > 50);
      program.signal('SIGTERM');
      const [code, milliseconds] = await timed(() => program.ended);
      expect(code).to.equal(0);
      expect(milliseconds).to.be.lessThan(5_500);
    });

    it(`given ${name}, and a library that prints: the service goes on`, async () => {
      const { script, send, ready } = await command(redirections);
      const printed = join(project.folder, 'printed');
      await rm(printed, { recursive: true, force: true });
      await writeFile(join(project.folder, 'library.mjs'), printingLibrary);
      const limit = redirections.includes('limited') ? 'ulimit -f 0; ' : '';
      await using program = await project.bash(`${limit}NODE_OPTIONS='--import ./library.mjs' ${script}`);
      await ready();
      program.signal('SIGUSR2');
      await until('the library has printed', () =>
        access(printed).then(
          () => true,
          () => false,
        ),
      );
      await send(10);
      program.signal('SIGTERM');
      expect(await program.ended).to.equal(0);
    });
  }

  it('given a reader that stands still: lines are counted, and the log goes on after it without broken lines', async () => {
    const { script, send, dropped, ready } = await command('> pipe 2> errors.log');
    // The shell holds the pipe open, and reads it only when the file "go" exists.
    const reader = 'exec 3<> pipe; (while [ ! -e go ]; do sleep 0.05; done; exec cat pipe) & ';
    await using program = await project.bash(`mkfifo pipe; ${reader} ${script} 3>&-`);
    await ready();
    while ((await dropped()) === 0) await send(200);
    await using touch = await project.bash('touch go');
    await touch.ended;
    await program.printed(/"listening"/);
    const lost = await dropped();
    await send(20);
    program.signal('SIGTERM');
    await program.printed(/"stopped"/);
    expect(lost).to.be.greaterThan(0);
    for (const line of program.output().trimEnd().split('\n')) JSON.parse(line);
    program.signalGroup('SIGKILL');
  });

  it('given a stopped reader and SIGTERM: the service ends in time', async () => {
    const { script, send, dropped, ready } = await command('> >(exec sleep 60) 2>&1');
    await using program = await project.bash(script);
    await ready();
    while ((await dropped()) === 0) await send(200);
    program.signal('SIGTERM');
    const ended = until('the service has ended', async () => {
      try {
        await dropped();
        return false;
      } catch {
        return true;
      }
    });
    const [, milliseconds] = await timed(() => ended);
    expect(milliseconds).to.be.lessThan(5_500);
    program.signalGroup('SIGKILL');
  });

  it('given a failed start and a full disk: exit code 78', async () => {
    await using program = await project.bash(
      `NODE_ENV=production exec '${process.execPath}' src/main.ts > /dev/full 2>&1`,
    );
    expect(await program.ended).to.equal(78);
  });

  it('given a command whose result cannot be written: exit code 1', async () => {
    await using program = await project.bash(
      `BETTER_AUTH_SECRET='${testSecret}' exec '${process.execPath}' src/cli/create-token.ts ada > /dev/full`,
    );
    expect(await program.ended).to.equal(1);
    expect(program.output()).to.include('its output cannot be written');
  });
});
