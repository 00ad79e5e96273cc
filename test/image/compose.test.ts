import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { composeProject, type ComposeProject } from '../support/containers/compose.ts';
import { image } from '../support/containers/production-image.ts';
import { freePort } from '../support/processes/free-port.ts';
import { signed } from '../support/tokens/tokens.ts';
import { until } from '../support/until.ts';

describe('compose.yaml', () => {
  const opened = new AsyncDisposableStack();
  let project: ComposeProject;
  let api: string;

  before(async function () {
    const port = await freePort();
    api = `http://127.0.0.1:${port}`;
    const found = await composeProject({
      COMPOSE_PROJECT_NAME: `taskhold-test-${process.pid}`,
      TASKHOLD_IMAGE: image,
      TASKHOLD_PORT: String(port),
      REDIS_URL: 'redis://redis:6379',
    });
    if (found === null) {
      console.log('Docker Compose is not installed: the tests of compose.yaml are pending');
      return this.skip();
    }
    project = opened.use(found);
    execFileSync(join(project.folder, 'deploy/compose/create-secrets'), { stdio: 'ignore' });
  });
  after(() => opened.disposeAsync());

  it('given create-secrets a second time: nothing is changed', async () => {
    const file = join(project.folder, 'deploy/compose/secrets/database_url');
    const first = await readFile(file, 'utf8');
    execFileSync(join(project.folder, 'deploy/compose/create-secrets'), { stdio: 'ignore' });
    expect(await readFile(file, 'utf8')).to.equal(first);
  });

  it('given all profiles: valid', async () => {
    const rendered = await project.compose('--profile', 'redis', '--profile', 'monitoring', 'config');
    expect(rendered).to.include('grafana').and.include('service_completed_successfully');
  });

  it('given up: PostgreSQL, the migration, Redis and the service; check-config finds no problem', async () => {
    await project.compose('--profile', 'redis', 'up', '--detach', 'taskhold', 'redis');
    const isHealthy = () =>
      fetch(`${api}/health`).then(
        ({ ok }) => ok,
        () => false,
      );
    await until('the service is healthy', isHealthy);
    const secret = await readFile(join(project.folder, 'deploy/compose/secrets/better_auth_secret'), 'utf8');
    const token = await signed({ sub: 'ada', exp: Math.floor(Date.now() / 1000) + 60 }, secret.trim());
    const created = await fetch(`${api}/api/tasks`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: '{"title":"Buy milk"}',
    });
    expect(created.status).to.equal(201);
    const checked = await project.compose('run', '--rm', '-T', 'taskhold', 'src/cli/check-config.ts');
    expect(checked).to.include('The configuration is complete.');
  });
});
