import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { loadSettings } from '../../src/config/load-settings.ts';
import { variables } from '../../src/config/variables.ts';

const service = z.looseObject({ environment: z.record(z.string(), z.string()).default({}) });
const shape = z.object({
  services: z.record(z.string(), service),
  secrets: z.record(z.string(), z.strictObject({ file: z.string() })),
});

/** What the image and compose.yaml decide: addresses, secrets as files, migrations in a job, and the time to stop. */
const fixed = [
  ...['NODE_ENV', 'HOST', 'PORT', 'OPS_HOST', 'OPS_PORT', 'DATA_DIR', 'MIGRATE_ON_START'],
  ...['DATABASE_URL', 'DATABASE_URL_FILE', 'BETTER_AUTH_SECRET', 'BETTER_AUTH_SECRET_FILE', 'REDIS_URL_FILE'],
  ...['SHUTDOWN_TIMEOUT_MS', 'SHUTDOWN_DELAY_MS'],
];

describe('facts of compose.yaml', () => {
  const read = async () => shape.parse(parse(await readFile('compose.yaml', 'utf8'), { merge: true }));

  it('given the variables of the README: passed on, but for those that the containers fix', async () => {
    const { services } = await read();
    const expected = Object.keys(variables).filter((name) => !fixed.includes(name));
    for (const service of ['taskhold', 'migrate']) {
      const passed = Object.entries(services[service]?.environment ?? {}).filter(
        ([name]) => !fixed.includes(name),
      );
      expect(Object.fromEntries(passed)).to.deep.equal(
        Object.fromEntries(expected.map((name) => [name, `\${${name}:-}`])),
      );
    }
  });

  it('given the service and the migration: known variables, secrets as files, no rights', async () => {
    const { services } = await read();
    for (const name of ['taskhold', 'migrate'] as const) {
      const found = services[name];
      expect(found).to.deep.include({ read_only: true, cap_drop: ['ALL'] });
      expect(Object.keys(found?.environment ?? {}).filter((one) => !(one in variables))).to.deep.equal([]);
      expect(found?.environment).to.include({ DATABASE_URL_FILE: '/run/secrets/database_url' });
    }
    expect(services).to.have.nested.property('migrate.command').that.deep.equals(['src/cli/migrate.ts']);
  });

  it('given the time to stop: more than the timeout of the shutdown', async () => {
    const { services } = await read();
    const seconds = Number(/^(\d+)s$/.exec(String(services['taskhold']?.['stop_grace_period']))?.[1]);
    expect(seconds * 1000).to.be.above(loadSettings({}).shutdown.timeoutMs);
  });

  it('given every published port: on loopback alone', async () => {
    const { services } = await read();
    const ports = Object.values(services).flatMap(({ ports = [] }) => z.array(z.string()).parse(ports));
    expect(ports).to.have.length(3);
    for (const port of ports) expect(port).to.match(/^127\.0\.0\.1:/);
  });

  it('given Prometheus: the job that the alerts select, on the port of the operations listener', async () => {
    const prometheus: unknown = parse(await readFile('deploy/compose/prometheus.yml', 'utf8'));
    expect(prometheus).to.have.nested.property('scrape_configs[0].job_name', 'taskhold');
    expect(prometheus).to.have.nested.property(
      'scrape_configs[0].dns_sd_configs[0].port',
      loadSettings({}).operations.port,
    );
  });
});
