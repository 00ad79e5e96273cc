import { request } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Whether a Docker engine answers; asked with a short time limit, since most machines that lack one just hang or refuse. */
export const isDockerThere = async (): Promise<boolean> => {
  const answers = await Promise.all(places().map(answersPing));
  return answers.includes(true);
};

type Place = { readonly socketPath: string } | { readonly host: string; readonly port: string };

const places = (): readonly Place[] => {
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

const answersPing = (place: Place): Promise<boolean> =>
  new Promise((resolve) => {
    const asked = request({ ...place, path: '/_ping', signal: AbortSignal.timeout(1_000) }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.on('error', () => resolve(false)).end();
  });
