import { readdir } from 'node:fs/promises';
import { expect } from 'chai';
import { startMain } from '../support/processes/main-program.ts';
import { scratchFolder } from '../support/processes/scratch-folder.ts';
import { until } from '../support/until.ts';

describe('signals to the service', function () {
  this.timeout(60_000);

  before(function () {
    if (process.platform !== 'linux') this.skip();
  });

  /** Without a database: the service listens, and waits for it. */
  const start = (environment: Readonly<Record<string, string>>) =>
    startMain({ NODE_ENV: 'production', DATABASE_URL: 'postgres://u@127.0.0.1:1/db', ...environment });

  const ending: readonly NodeJS.Signals[] = [
    ...(['SIGABRT', 'SIGALRM', 'SIGIO', 'SIGPWR', 'SIGQUIT'] as const),
    ...(['SIGSTKFLT', 'SIGUSR2', 'SIGVTALRM', 'SIGXCPU'] as const),
  ];
  for (const signal of ending)
    it(`given ${signal}: the service stops as after SIGTERM, with exit code 0`, async () => {
      await using service = await start({});
      service.process.kill(signal);
      expect(await service.ended(), service.output()).to.equal(0);
      expect(service.output()).to.include('"stopping"').and.include('"stopped"');
    });

  for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const)
    it(`given a preloaded module that listens to ${signal}: the service stops nevertheless`, async () => {
      const listener = `--import=data:text/javascript,process.on('${signal}',()=>{})`;
      await using service = await start({ NODE_OPTIONS: listener });
      service.process.kill(signal);
      await until('the service stops', () => service.output().includes('"stopped"'), 15_000);
      expect(await service.ended(), service.output()).to.equal(0);
    });

  /** Any free port, so that the test does not depend on port 9229. */
  const debuggerPort = { NODE_OPTIONS: '--inspect-port=127.0.0.1:0' };

  it('given SIGUSR1 in production: no debugger starts, and the service goes on', async () => {
    await using service = await start(debuggerPort);
    service.process.kill('SIGUSR1');
    service.process.kill('SIGUSR1');
    // Two requests after the signal: its handler has run.
    for (let n = 0; n < 2; n += 1)
      expect((await fetch(`http://127.0.0.1:${service.port}/health/live`)).status).to.equal(200);
    service.process.kill('SIGTERM');
    expect(await service.ended()).to.equal(0);
    expect(service.output()).not.to.include('Debugger listening');
  });

  it('given SIGUSR1 outside of production: the debugger starts', async () => {
    await using service = await start({ ...debuggerPort, NODE_ENV: 'test', MIGRATE_ON_START: 'false' });
    service.process.kill('SIGUSR1');
    await until('the debugger listens', () => service.output().includes('Debugger listening'), 15_000);
  });

  it("given Node's profiler, which uses SIGPROF: the service answers, stops, and leaves a profile", async () => {
    await using scratch = await scratchFolder();
    await using service = await start({ NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${scratch.folder}` });
    expect((await fetch(`http://127.0.0.1:${service.port}/health/live`)).status).to.equal(200);
    service.process.kill('SIGTERM');
    expect(await service.ended(), service.output()).to.equal(0);
    expect((await readdir(scratch.folder)).join()).to.match(/\.cpuprofile$/);
  });

  it('given an option of Node for a signal: the signal has that meaning alone', async () => {
    await using service = await start({ NODE_OPTIONS: '--report-on-signal --report-directory=/dev/null' });
    service.process.kill('SIGUSR2');
    await until('a report is written', () => /report/i.test(service.output()), 15_000);
    expect((await fetch(`http://127.0.0.1:${service.port}/health/live`)).status).to.equal(200);
    service.process.kill('SIGTERM');
    expect(await service.ended(), service.output()).to.equal(0);
    expect(service.output().split('"stopping"')).to.have.length(2);
  });
});
