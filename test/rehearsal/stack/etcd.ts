import { join } from 'node:path';
import { freePort } from '../../support/processes/free-port.ts';
import { isListening } from '../../support/processes/is-listening.ts';
import { daemon, type Daemon } from './daemon.ts';
import type { Site } from './site.ts';

/** One etcd node, which stores Patroni's leader lock. In production there are three. */
export interface Etcd extends Daemon {
  readonly address: string;
}

export const startEtcd = async ({ folder, programs, account }: Site): Promise<Etcd> => {
  const [port, peerPort] = [await freePort(), await freePort()];
  const [url, peer] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${peerPort}`];
  const options = {
    name: 'rehearsal',
    'data-dir': join(folder, 'etcd'),
    'listen-client-urls': url,
    'advertise-client-urls': url,
    'listen-peer-urls': peer,
    'initial-advertise-peer-urls': peer,
    'initial-cluster': `rehearsal=${peer}`,
  };
  const etcd = daemon({
    command: [programs.etcd, ...Object.entries(options).map(([name, value]) => `--${name}=${value}`)],
    folder,
    log: join(folder, 'etcd.log'),
    account,
    isReady: () => isListening(port),
  });
  await etcd.start();
  return { ...etcd, address: `127.0.0.1:${port}` };
};
