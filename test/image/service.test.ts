import { expect } from 'chai';
import { runToEnd, startImageService, startSite, type Site } from '../support/containers/production-image.ts';
import { docker } from '../support/containers/docker-command.ts';
import { tokenFor } from '../support/tokens/tokens.ts';
import { until } from '../support/until.ts';

/** A site for the tests of the suite that calls this. */
const ownSite = (prepare: (site: Site) => Promise<unknown> = () => Promise.resolve()): (() => Site) => {
  let started: Site | null = null;
  before(async () => {
    started = await startSite();
    await prepare(started);
  });
  after(() => started?.[Symbol.asyncDispose]());
  return () => started ?? expect.fail('the site has not started');
};

const program = { migrate: 'src/cli/migrate.ts', checkConfig: 'src/cli/check-config.ts' } as const;

describe('programs of the image, read-only and without capabilities', () => {
  const site = ownSite();

  it('given no configuration: exit code 78, and the problems', async () => {
    const none = { DATABASE_URL_FILE: '', BETTER_AUTH_SECRET_FILE: '' };
    const { code, output } = await runToEnd(site(), [], none);
    expect(code).to.equal(78);
    expect(output)
      .to.include('DATABASE_URL is required in production')
      .and.include('BETTER_AUTH_SECRET or JWKS_URL is required in production');
  });

  it('given an empty database: check-config names the migrations, migrate runs them', async () => {
    const pending = await runToEnd(site(), [program.checkConfig]);
    expect(pending.code, pending.output).to.equal(69);
    expect(pending.output).to.include('0001_owners_and_tasks');
    const migrated = await runToEnd(site(), [program.migrate]);
    expect(migrated.code, migrated.output).to.equal(0);
    expect(migrated.output).to.match(/^Migrated: 0001_owners_and_tasks/);
    const complete = await runToEnd(site(), [program.checkConfig]);
    expect(complete.code, complete.output).to.equal(0);
    expect(complete.output).to.include('The configuration is complete.');
  });
});

describe('the service of the image, read-only and without capabilities', () => {
  const site = ownSite((started) => runToEnd(started, [program.migrate]));

  it('given a migrated database: tasks, documentation and metrics are served', async () => {
    await using service = await startImageService(site());
    const headers = { Authorization: `Bearer ${await tokenFor('ada')}`, 'Content-Type': 'application/json' };
    const url = `http://127.0.0.1:${service.port}/api/tasks`;
    const created = await fetch(url, { method: 'POST', headers, body: '{"title":"Buy milk"}' });
    expect(created.status).to.equal(201);
    expect(await (await fetch(url, { headers })).json()).to.have.nested.property('[0].title', 'Buy milk');
    expect((await fetch(url)).status).to.equal(401);
    expect((await fetch(`http://127.0.0.1:${service.port}/docs`)).status).to.equal(200);
    expect((await fetch(`http://127.0.0.1:${service.operationsPort}/metrics`)).status).to.equal(200);
  });

  it('given a process in it: PID 1 is Node, without capabilities, as user 65532', async () => {
    await using service = await startImageService(site());
    const status = await docker('exec', service.id, 'cat', '/proc/1/status');
    expect(status)
      .to.match(/^Name:\s+node$|^Name:\s+MainThread$/m)
      .and.match(/^Uid:\s+65532\s/m)
      .and.match(/^Cap(?:Prm|Eff|Bnd):\s+0{16}$/m)
      .and.match(/^NoNewPrivs:\s+1$/m);
    const write = docker('exec', service.id, 'touch', '/app/file');
    expect(await write.then(() => 'written', String)).to.include('Read-only file system');
  });

  for (const port of ['8000', '9000'])
    it(`given PORT=${port}: Docker finds it healthy`, async () => {
      await using container = await site().start({ PORT: port }, ['--health-interval', '500ms']);
      await until('healthy', async () => (await container.inspect('{{.State.Health.Status}}')) === 'healthy');
    });

  it('given a listener that does not respond: Docker finds it unhealthy', async () => {
    const health = ['--health-interval', '500ms', '--health-retries', '1', '--health-start-period', '1ms'];
    const forever = ['--eval', 'process.on("SIGTERM", () => process.exit()); setInterval(() => {}, 1000)'];
    await using silent = await site().start({}, [...health, '--entrypoint', 'node'], forever);
    await until('unhealthy', async () => (await silent.inspect('{{.State.Health.Status}}')) === 'unhealthy');
  });

  it('given SIGTERM: readiness is 503 during the delay, requests are answered, then exit code 0', async () => {
    await using service = await startImageService(site(), { SHUTDOWN_DELAY_MS: '2000' });
    const statusOf = async (port: number, path: string) =>
      (await fetch(`http://127.0.0.1:${port}${path}`, { headers: { Connection: 'close' } })).status;
    await docker('kill', '--signal', 'TERM', service.id);
    await until('not ready', async () => (await statusOf(service.operationsPort, '/health/ready')) === 503);
    expect(await statusOf(service.port, '/health/live')).to.equal(200);
    expect(await service.exitCode()).to.equal(0);
  });
});
