import { expect } from 'chai';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { checkout, type Checkout } from '../support/processes/checkout.ts';
import { createTask, greetingOf, titlesOf } from '../support/processes/greeting.ts';
import { isAlive, postmasterOf } from '../support/postgres/postmaster.ts';
import type { Program } from '../support/processes/program.ts';
import { until } from '../support/until.ts';

describe('the end of a development service', function () {
  this.timeout(60_000);

  /** Data of a service that was started before, so that not every test has to make a database. */
  let used: Checkout;

  before(async () => {
    used = await checkout();
    const program = await used.start();
    await greetingOf(program);
    program.signal('SIGTERM');
    await program.ended;
  });

  after(() => used[Symbol.asyncDispose]());

  /** The process id of its PostgreSQL. */
  const postgresOf = async (project: Checkout): Promise<number> => {
    const pid = await postmasterOf(project.data);
    if (pid === null) throw new Error('No PostgreSQL runs');
    return pid;
  };

  const stops: readonly [name: string, npm: boolean, stop: (program: Program) => void][] = [
    ['Ctrl-C', false, (program) => program.signalGroup('SIGINT')],
    ['Ctrl-C, under npm', true, (program) => program.signalGroup('SIGINT')],
    ['SIGTERM', false, (program) => program.signal('SIGTERM')],
    ['a closed terminal', false, (program) => program.signalGroup('SIGHUP')],
    ['SIGTERM to npm', true, (program) => program.signal('SIGTERM')],
  ];
  for (const [name, npm, stop] of stops) {
    it(`leaves no process behind and is a success: ${name}`, async () => {
      await using project = await checkout({ data: used.data });
      const program = npm ? await project.npm(['start']) : await project.start();
      await greetingOf(program);
      const postgres = await postgresOf(project);
      stop(program);
      expect(await program.ended, program.output()).to.equal(0);
      expect(program.isGroupAlive()).to.equal(false);
      expect(await isAlive(postgres)).to.equal(false);
    });
  }

  it('is as clean while it is still starting', async () => {
    await using project = await checkout();
    const program = await project.start();
    await until(
      'its PostgreSQL is being made',
      async () => (await readdir(project.data).catch(() => [])).some((name) => name.startsWith('postgres')),
      15_000,
    );
    program.signalGroup('SIGINT');
    expect(await program.ended, program.output()).to.equal(0);
    expect(await postmasterOf(project.data)).to.equal(null);
  });

  it('is as clean where it cannot start after all, and says why', async () => {
    await using project = await checkout({ data: used.data });
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const bound = other.address();
    const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
    try {
      const program = await project.start({ PORT: `${port}` });
      expect(await program.ended).to.equal(78);
      expect(program.output()).to.match(new RegExp(`^ {2}- PORT ${port} `, 'm'));
      expect(await postmasterOf(project.data)).to.equal(null);
    } finally {
      other.close();
    }
  });

  it('by kill -9 loses no task that was acknowledged, and the next start works', async () => {
    await using project = await checkout({ data: used.data });
    const program = await project.start();
    const greeting = await greetingOf(program);
    const acknowledged: string[] = [];
    const writer = async (name: string): Promise<void> => {
      for (let n = 1; ; n += 1) {
        await createTask(greeting, `${name} ${n}`);
        acknowledged.push(`${name} ${n}`);
      }
    };
    const writers = Promise.allSettled(['a', 'b', 'c', 'd'].map(writer));
    await until('tasks are being written', () => acknowledged.length > 100);
    program.signalGroup('SIGKILL');
    expect(await program.ended).to.equal('SIGKILL');
    await writers;

    const next = await project.start();
    expect(await titlesOf(await greetingOf(next))).to.include.members(acknowledged);
    next.signalGroup('SIGINT');
    expect(await next.ended, next.output()).to.equal(0);
    expect(await postmasterOf(project.data)).to.equal(null);
  });
});
