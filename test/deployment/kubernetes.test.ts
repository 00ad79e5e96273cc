import { expect } from 'chai';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { variables } from '../../src/config/variables.ts';
import { loadSettings } from '../../src/config/load-settings.ts';
import { manifestFiles, rendered, root, type Manifest } from '../support/kubernetes/manifests.ts';
import { scratchFolder } from '../support/processes/scratch-folder.ts';

const probe = z.object({
  httpGet: z.object({ path: z.string(), port: z.string() }),
  periodSeconds: z.number(),
  failureThreshold: z.number(),
});

const container = z.object({
  args: z.array(z.string()).default([]),
  env: z.array(z.object({ name: z.string(), value: z.string() })),
  envFrom: z.array(z.object({ configMapRef: z.object({ name: z.string() }) })),
  ports: z.array(z.object({ name: z.string(), containerPort: z.number() })).default([]),
  livenessProbe: probe.optional(),
  readinessProbe: probe.optional(),
  startupProbe: probe.optional(),
  lifecycle: z.object({ preStop: z.object({ sleep: z.object({ seconds: z.number() }) }) }).optional(),
  securityContext: z.unknown(),
});

const workload = z.object({
  spec: z.object({
    template: z.object({
      spec: z.looseObject({
        terminationGracePeriodSeconds: z.number().optional(),
        securityContext: z.unknown(),
        automountServiceAccountToken: z.boolean(),
        containers: z.tuple([container]),
      }),
    }),
  }),
});

describe('facts of deploy/kubernetes', () => {
  let files: ReadonlyMap<string, Manifest>;
  before(async () => {
    files = await manifestFiles();
  });

  const podOf = (path: string) => workload.parse(files.get(path)).spec.template.spec;
  const pods = () => [podOf('base/deployment.yaml'), podOf('base/migration-job.yaml')];

  /** The variables of the ConfigMap, as Kustomize makes it for the overlay. */
  const configOf = (manifests: readonly Manifest[]) => {
    const found = manifests.find(({ kind }) => kind === 'ConfigMap');
    return z.object({ data: z.record(z.string(), z.string()) }).parse(found).data;
  };

  it('given the pods: no rights, nothing writable, no token of Kubernetes', () => {
    for (const { containers, securityContext, automountServiceAccountToken } of pods()) {
      expect(securityContext).to.deep.include({ runAsNonRoot: true, runAsUser: 65532 });
      expect(securityContext).to.have.nested.property('seccompProfile.type', 'RuntimeDefault');
      expect(automountServiceAccountToken).to.equal(false);
      expect(containers[0].securityContext).to.deep.equal({
        readOnlyRootFilesystem: true,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
      });
    }
  });

  it('given the probes: paths and the port of the operations listener', () => {
    const [{ livenessProbe, readinessProbe, startupProbe, ports }] = podOf('base/deployment.yaml').containers;
    const { api, operations } = loadSettings({});
    expect(ports).to.deep.equal([
      { name: 'http', containerPort: api.port },
      { name: 'operations', containerPort: operations.port },
    ]);
    expect(livenessProbe?.httpGet).to.deep.equal({ path: '/health/live', port: 'operations' });
    expect(startupProbe?.httpGet).to.deep.equal({ path: '/health/live', port: 'operations' });
    expect(readinessProbe?.httpGet).to.deep.equal({ path: '/health/ready', port: 'operations' });
  });

  it('given the environment: known variables, secrets as files in the volume, the program of the job', () => {
    for (const { containers, ['volumes']: volumes } of pods()) {
      expect(volumes).to.have.nested.property('[0].secret.secretName', 'taskhold');
      expect(containers[0].env.map(({ name }) => name)).to.deep.equal([
        'DATABASE_URL_FILE',
        'BETTER_AUTH_SECRET_FILE',
      ]);
      for (const { name, value } of containers[0].env) {
        expect(variables).to.have.property(name);
        expect(value).to.match(/^\/run\/secrets\/taskhold\/[a-z-]+$/);
      }
    }
    expect(podOf('base/migration-job.yaml').containers[0].args).to.deep.equal(['src/cli/migrate.ts']);
  });

  it('given an overlay with the component of a key set: its own JWKS_URL, and no secret of tokens', async function () {
    await using scratch = await scratchFolder();
    await cp(root, scratch.folder, { recursive: true });
    const overlay = join(scratch.folder, 'overlays/production/kustomization.yaml');
    const component = '  - ../../components/redis\n';
    const text = await readFile(overlay, 'utf8');
    const literals = '    literals:\n';
    const edited = text
      .replace(component, `${component}${component.replace('redis', 'key-set')}`)
      .replace(literals, `${literals}      - JWKS_URL=https://issuer.test/jwks\n`);
    await writeFile(overlay, edited);
    const manifests = await rendered('overlays/production', scratch.folder);
    if (manifests === null) return this.skip();
    expect(configOf(manifests)).to.have.property('JWKS_URL', 'https://issuer.test/jwks');
    const workloads = manifests.filter(({ kind }) => ['Deployment', 'Job'].includes(kind));
    expect(workloads).to.have.length(2);
    for (const one of workloads) {
      const names = workload.parse(one).spec.template.spec.containers[0].env.map(({ name }) => name);
      expect(names).to.include('DATABASE_URL_FILE').and.not.include('BETTER_AUTH_SECRET_FILE');
    }
  });

  it('given the files: no Secret among them', () => {
    expect([...files.values()].filter(({ kind }) => kind === 'Secret')).to.deep.equal([]);
  });

  it('given what Kustomize makes of the overlay: times of the shutdown that fit, and a valid configuration', async function () {
    const manifests = await rendered('overlays/production');
    if (manifests === null) return this.skip();
    const config = configOf(manifests);
    for (const name of Object.keys(config)) expect(variables).to.have.property(name);
    const secrets = { DATABASE_URL: 'postgres://db/tasks', BETTER_AUTH_SECRET: 'x'.repeat(32) };
    const { shutdown, requestTimeoutMs } = loadSettings({ NODE_ENV: 'production', ...config, ...secrets });
    const deployment = workload.parse(manifests.find(({ kind }) => kind === 'Deployment')).spec.template.spec;
    const [{ readinessProbe, lifecycle, env }] = deployment.containers;
    // Endpoints need some seconds to reach all nodes.
    const hookMs = (lifecycle?.preStop.sleep.seconds ?? 0) * 1000;
    expect(hookMs).to.be.least(3_000);
    expect((deployment.terminationGracePeriodSeconds ?? 0) * 1000).to.be.above(hookMs + shutdown.timeoutMs);
    const { periodSeconds = Infinity, failureThreshold = Infinity } = readinessProbe ?? {};
    expect(shutdown.delayMs).to.be.above(periodSeconds * failureThreshold * 1000);
    // A request that begins at the end of the delay has its whole time.
    expect(0.8 * (shutdown.timeoutMs - shutdown.delayMs)).to.be.least(requestTimeoutMs);
    expect(env.map(({ name }) => name)).to.include('REDIS_URL_FILE');
  });
});
