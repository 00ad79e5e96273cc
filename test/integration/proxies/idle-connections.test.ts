import { expect } from 'chai';
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { ownProxiedService, type ProxiedService } from '../../support/http/proxied-service.ts';
import { documentedConfiguration, proxyKinds, type ProxyKind } from '../../support/processes/proxy.ts';
import { ownService } from '../../support/http/suites.ts';
import { tokenFor } from '../../support/tokens/tokens.ts';

/** The idle timeout of the proxy in the first test, in milliseconds. The documented one would take minutes. */
const idleMs = 500;

const shorterIdleTimeout: Readonly<Record<ProxyKind, (configuration: string) => string>> = {
  nginx: (text) => text.replace('keepalive_timeout 4s', `keepalive_timeout ${idleMs}ms`),
  haproxy: (text) => text.replace('pool-purge-delay 5s', `pool-purge-delay ${idleMs}ms`),
};

/** The seconds that the documented configuration keeps idle connections to the service. */
const documentedSeconds: Readonly<Record<ProxyKind, RegExp>> = {
  nginx: /keepalive_timeout (\d+)s/,
  haproxy: /timeout http-keep-alive (\d+)s/,
};

for (const kind of proxyKinds)
  describe(`idle connections behind ${kind}`, function () {
    this.timeout(60_000);
    const proxied = ownProxiedService(kind, { change: shorterIdleTimeout[kind] });

    it('given writes with pauses around the idle timeout of the proxy, which is shorter: no 502', async () => {
      const { service } = proxied();
      service.server.keepAliveTimeout = 2 * idleMs;
      service.server.keepAliveTimeoutBuffer = 0;
      const token = await tokenFor('idle');
      const statuses = new Map<number, number>();
      const client = async (index: number): Promise<void> => {
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        for (let round = 0; round < 8; round += 1) {
          const status = await post(proxied(), agent, token);
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          await pause(idleMs - 60 + ((index * 7 + round * 13) % 120));
        }
        agent.destroy();
      };
      await Promise.all(Array.from({ length: 40 }, (_, index) => client(index)));
      expect([...statuses]).to.deep.equal([[201, 320]]);
    });
  });

describe('documented idle timeouts', () => {
  const service = ownService();

  for (const kind of proxyKinds)
    it(`given the configuration of ${kind}: at least 10 s shorter than that of the service`, async () => {
      const [, seconds] = documentedSeconds[kind].exec(await documentedConfiguration(kind)) ?? [];
      expect(Number(seconds) * 1_000).to.be.at.most(service().server.keepAliveTimeout - 10_000);
    });
});

const post = ({ port }: ProxiedService, agent: Agent, token: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const sent = request({
      host: '127.0.0.1',
      port,
      agent,
      method: 'POST',
      path: '/todo/api/tasks',
      headers,
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    });
    sent.end('{"title":"Idle"}');
  });
