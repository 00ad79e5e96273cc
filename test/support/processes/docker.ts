import { request } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Whether a Docker engine responds within a second. */
export const isDockerAvailable = async (): Promise<boolean> => {
  const answers = await Promise.all(endpoints().map(answersPing));
  return answers.includes(true);
};

type Endpoint = { readonly socketPath: string } | { readonly host: string; readonly port: string };

const endpoints = (): readonly Endpoint[] => {
  const configured = process.env['DOCKER_HOST'] ?? '';
  if (configured.startsWith('tcp://')) {
    const { hostname, port } = new URL(configured);
    return [{ host: hostname, port: port || '2375' }];
  }
  if (configured.startsWith('unix://')) return [{ socketPath: configured.slice('unix://'.length) }];
  const runtime = process.env['XDG_RUNTIME_DIR'];
  return [
    { socketPath: '/var/run/docker.sock' },
    { socketPath: join(homedir(), '.docker', 'run', 'docker.sock') },
    ...(runtime === undefined ? [] : [{ socketPath: join(runtime, 'docker.sock') }]),
  ];
};

const answersPing = (endpoint: Endpoint): Promise<boolean> =>
  new Promise((resolve) => {
    const sent = request({ ...endpoint, path: '/_ping', signal: AbortSignal.timeout(1_000) }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    sent.on('error', () => resolve(false)).end();
  });
