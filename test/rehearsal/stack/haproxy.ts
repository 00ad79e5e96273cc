import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../support/processes/free-port.ts';
import { isListening } from '../../support/processes/is-listening.ts';
import { daemon, type Daemon } from './daemon.ts';
import type { Site } from './site.ts';

export interface Haproxy extends Daemon {
  /** Where clients send their requests. */
  readonly port: number;
}

/** Writes the configuration, starts HAProxy with it and waits until it listens. */
export const startHaproxy = async (
  { folder, programs, account }: Site,
  name: string,
  configuration: (port: number) => string,
): Promise<Haproxy> => {
  const port = await freePort();
  const file = join(folder, `${name}.cfg`);
  await writeFile(file, configuration(port));
  const haproxy = daemon({
    command: [programs.haproxy, '-db', '-f', file],
    folder,
    log: join(folder, `${name}.log`),
    account,
    isReady: () => isListening(port),
  });
  await haproxy.start();
  return { ...haproxy, port };
};

/** HAProxy between the clients and the instances of the service. */
export const httpConfiguration =
  (instances: readonly number[]) =>
  (port: number): string => `
defaults
  mode http
  timeout connect 1s
  timeout client 75s
  # Longer than REQUEST_TIMEOUT_MS, so that the service answers first.
  timeout server 12s
  # A request that finds no instance is refused after this time: 503, nothing was done.
  timeout queue 1s
  timeout http-request 10s
  timeout http-keep-alive 60s
  timeout check 1s

frontend clients
  bind 127.0.0.1:${port}
  default_backend taskhold

backend taskhold
  balance roundrobin
  option httpchk GET /health/ready
  http-check expect status 200
  # A request that was not sent may go to another instance. Reads are also retried when their instance ends.
  option redispatch 1
  retries 3
  retry-on conn-failure empty-response
  http-request disable-l7-retry unless METH_GET
  default-server inter 500ms downinter 200ms fall 1 rise 1 maxconn 500 observe layer4 error-limit 1 on-error mark-down
  http-error status 503 content-type application/problem+json hdr Retry-After 1 string '${problem(503, 'unavailable', 'No instance is ready')}'
  http-error status 502 content-type application/problem+json string '${problem(502, 'outcome_unknown', 'The answer was lost')}'
  http-error status 504 content-type application/problem+json string '${problem(504, 'outcome_unknown', 'The answer did not come in time')}'
${instances.map((instance, n) => `  server instance${n + 1} 127.0.0.1:${instance} check`).join('\n')}
`;

const problem = (status: number, code: string, title: string): string =>
  JSON.stringify({ type: `/problems/${code}`, title, status, code, detail: `${title}; try again shortly.` });

/** HAProxy between PgBouncer and the primary. Patroni's REST API reports which node is the primary. */
export const postgresConfiguration =
  (nodes: readonly { port: number; restPort: number }[]) =>
  (port: number): string => `
defaults
  mode tcp
  timeout connect 1s
  timeout client 30m
  timeout server 30m
  timeout check 1s

listen primary
  bind 127.0.0.1:${port}
  option httpchk GET /primary
  http-check expect status 200
  # Sessions with a former primary are closed.
  default-server inter 500ms fastinter 200ms downinter 200ms fall 2 rise 1 on-marked-down shutdown-sessions
${nodes.map((node, n) => `  server node${n + 1} 127.0.0.1:${node.port} check port ${node.restPort}`).join('\n')}
`;
