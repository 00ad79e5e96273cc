import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkout, type Checkout } from '../support/processes/checkout.ts';
import { bannerOf, createTask, titlesOf } from '../support/processes/banner.ts';
import { isAlive, postmasterOf } from '../support/postgres/postmaster.ts';
import { until } from '../support/until.ts';

describe('embedded PostgreSQL of a service', function () {
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

  const pidOf = async (project: Checkout): Promise<number> => (await postmasterOf(project.data)) ?? 0;

  const childrenOf = (pid: number): readonly number[] =>
    spawnSync('pgrep', ['-P', `${pid}`], { encoding: 'utf8' })
      .stdout.split('\n')
      .filter((line) => line !== '')
      .map(Number);

  const kills: readonly [name: string, victims: (postmaster: number) => readonly number[]][] = [
    ['the postmaster', (pid) => [pid]],
    ['a process of it', (pid) => childrenOf(pid).slice(-1)],
    ['all its processes', (pid) => [...childrenOf(pid), pid]],
  ];
  for (const [name, victims] of kills) {
    it(`given kill -9 of ${name}: it is started again, the log says so, and the tasks are there`, async () => {
      await using project = await checkout({ data: used.data });
      const program = await project.start();
      const banner = await bannerOf(program);
      await createTask(banner, 'Kept');
      spawnSync('kill', ['-9', ...victims(await pidOf(project)).map(String)]); // some may have ended already
      await program.printed(/"embedded_postgres_lost"[^]*"embedded_postgres_recovered"/, 30_000);
      await until('ready', async () => (await fetch(`${banner.address}/health/ready`)).status === 200);
      expect(await titlesOf(banner)).to.deep.equal(['Kept']);
      const postgres = await pidOf(project);
      program.signal('SIGTERM');
      expect(await program.ended, program.output()).to.equal(0);
      expect(await isAlive(postgres)).to.equal(false);
    });
  }

  it('given kill -9 of the postmaster, then SIGTERM: no process remains', async () => {
    await using project = await checkout({ data: used.data });
    const program = await project.start();
    await bannerOf(program);
    const postgres = await pidOf(project);
    process.kill(postgres, 'SIGKILL');
    program.signal('SIGTERM');
    expect(await program.ended, program.output()).to.equal(0);
    const next = await pidOf(project);
    expect(await isAlive(next === 0 ? postgres : next)).to.equal(false);
  });

  const stops: readonly [name: string, victims: (postmaster: number) => readonly number[]][] = [
    ['the postmaster', (pid) => [pid]],
    ['all its processes', (pid) => [pid, ...childrenOf(pid)]],
  ];
  for (const [name, victims] of stops) {
    it(`given SIGSTOP for ${name}, then SIGTERM: the service ends in time, and no process remains`, async () => {
      await using project = await checkout({ data: used.data });
      const program = await project.start({ SHUTDOWN_TIMEOUT_MS: '3000' });
      await bannerOf(program);
      const postgres = await pidOf(project);
      const all = [postgres, ...childrenOf(postgres)];
      spawnSync('kill', ['-STOP', ...victims(postgres).map(String)]);
      try {
        program.signal('SIGTERM');
        expect(await program.ended, program.output()).to.equal(0);
        for (const pid of all) await until('PostgreSQL has ended', async () => !(await isAlive(pid)));
      } finally {
        spawnSync('kill', ['-9', ...all.map(String)]);
      }
    });
  }

  it('given PG… variables in the shell: they do not reach it', async () => {
    await using project = await checkout();
    const program = await project.start({
      PGOPTIONS: '-c default_transaction_read_only=on',
      PGUSER: 'nobody',
      PGHOST: '192.0.2.1',
      PGSSLMODE: 'require',
      PGCLIENTENCODING: 'LATIN1',
      PGDATA: '/nowhere',
    });
    await createTask(await bannerOf(program), 'Written');
    program.signal('SIGTERM');
    expect(await program.ended, program.output()).to.equal(0);
  });

  it('given SIGQUIT: exit code 0, and no process remains', async () => {
    await using project = await checkout({ data: used.data });
    const program = await project.start();
    await bannerOf(program);
    const postgres = await pidOf(project);
    program.signal('SIGQUIT');
    expect(await program.ended, program.output()).to.equal(0);
    expect(await isAlive(postgres)).to.equal(false);
  });

  const damaged: readonly [file: string, content: string][] = [
    ['secret', ''],
    ['secret', 'short'],
    ['secret', '\0'.repeat(64)],
    ['postgres/taskhold.password', 'x'.repeat(32)],
    ['postgres/PG_VERSION', ''],
  ];
  for (const [file, content] of damaged) {
    it(`given ${JSON.stringify(content.slice(0, 6))} in ${file}: exit code 78, the file is named, no stack trace`, async () => {
      await using project = await checkout({ data: used.data });
      await writeFile(join(project.data, file), content);
      const program = await project.start();
      expect(await program.ended, program.output()).to.equal(78);
      expect(program.output())
        .to.include(file)
        .and.not.match(/^ +at /m);
      expect(await readFile(join(project.data, file), 'utf8')).to.equal(content);
      expect(await postmasterOf(project.data)).to.equal(null);
    });
  }
});
