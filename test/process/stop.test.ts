import { expect } from 'chai';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { checkout, type Checkout } from '../support/processes/checkout.ts';
import { createTask, bannerOf, titlesOf } from '../support/processes/banner.ts';
import { isAlive, postmasterOf } from '../support/postgres/postmaster.ts';
import type { Program } from '../support/processes/program.ts';
import { until } from '../support/until.ts';

describe('end of a development service', function () {
  this.timeout(60_000);

  /** Holds the data of an earlier start, so that not every test creates a database. */
  let used: Checkout;

  before(async () => {
    used = await checkout();
    const program = await used.start();
    await bannerOf(program);
    program.signal('SIGTERM');
    await program.ended;
  });

  after(() => used[Symbol.asyncDispose]());

  /** The process id of the service's PostgreSQL. */
  const postgresOf = async (project: Checkout): Promise<number> => {
    const pid = await postmasterOf(project.data);
    if (pid === null) throw new Error('PostgreSQL is not running');
    return pid;
  };

  const stops: readonly [name: string, npm: boolean, stop: (program: Program) => void][] = [
    ['Ctrl-C', false, (program) => program.signalGroup('SIGINT')],
    ['Ctrl-C, under npm', true, (program) => program.signalGroup('SIGINT')],
    ['SIGTERM', false, (program) => program.signal('SIGTERM')],
    ['a closed terminal', false, (program) => program.signalGroup('SIGHUP')],
    ['SIGUSR2, as nodemon and PM2 send it', false, (program) => program.signal('SIGUSR2')],
    ['SIGTERM to npm', true, (program) => program.signal('SIGTERM')],
  ];
  for (const [name, npm, stop] of stops) {
    it(`given ${name}: exit code 0, and no process remains`, async () => {
      await using project = await checkout({ data: used.data });
      const program = npm ? await project.npm(['start']) : await project.start();
      await bannerOf(program);
      const postgres = await postgresOf(project);
      stop(program);
      expect(await program.ended, program.output()).to.equal(0);
      expect(program.isGroupAlive()).to.equal(false);
      expect(await isAlive(postgres)).to.equal(false);
    });
  }

  it('given SIGINT during the start: exit code 0, and no process remains', async () => {
    await using project = await checkout();
    const program = await project.start();
    await until(
      'the database is being created',
      async () => (await readdir(project.data).catch(() => [])).some((name) => name.startsWith('postgres')),
      15_000,
    );
    program.signalGroup('SIGINT');
    expect(await program.ended, program.output()).to.equal(0);
    expect(await postmasterOf(project.data)).to.equal(null);
  });

  it('given a port in use: exit code 78, the port is named, and no process remains', async () => {
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

  it('given kill -9 under load: no acknowledged task is lost, and the next start succeeds', async () => {
    await using project = await checkout({ data: used.data });
    const program = await project.start();
    const banner = await bannerOf(program);
    const acknowledged: string[] = [];
    const writer = async (name: string): Promise<void> => {
      for (let n = 1; ; n += 1) {
        await createTask(banner, `${name} ${n}`);
        acknowledged.push(`${name} ${n}`);
      }
    };
    const writers = Promise.allSettled(['a', 'b', 'c', 'd'].map(writer));
    await until('tasks are being written', () => acknowledged.length > 100);
    program.signalGroup('SIGKILL');
    expect(await program.ended).to.equal('SIGKILL');
    await writers;

    const next = await project.start();
    expect(await titlesOf(await bannerOf(next))).to.include.members(acknowledged);
    next.signalGroup('SIGINT');
    expect(await next.ended, next.output()).to.equal(0);
    expect(await postmasterOf(project.data)).to.equal(null);
  });
});
