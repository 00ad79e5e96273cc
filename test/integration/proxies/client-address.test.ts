import { expect } from 'chai';
import { ownProxiedService, sendTo, type Reply } from '../../support/http/proxied-service.ts';
import { proxyKinds } from '../../support/processes/proxy.ts';

const limits = { RATE_LIMIT_MAX: '300', RATE_LIMIT_ADDRESS_MAX: '3' };

for (const kind of proxyKinds)
  describe(`client addresses behind ${kind}`, () => {
    describe('given TRUST_PROXY_HOPS=1 and the proxy in TRUSTED_PROXIES', () => {
      const proxied = ownProxiedService(kind, {
        environment: { ...limits, TRUST_PROXY_HOPS: '1', TRUSTED_PROXIES: '127.0.0.1' },
      });
      const from = (localAddress: string, headers: Record<string, string> = {}): Promise<Reply> =>
        sendTo({ port: proxied().port, path: '/todo/api/tasks', localAddress, headers });

      it('given two clients, one of which forges X-Forwarded-For: each has a limit of its own', async () => {
        const statuses: number[] = [];
        for (const forged of ['192.0.2.1', '192.0.2.2', '192.0.2.3, 192.0.2.4', '127.0.0.3'])
          statuses.push((await from('127.0.0.2', { 'x-forwarded-for': forged })).status);
        expect(statuses).to.deep.equal([401, 401, 401, 429]);
        expect((await from('127.0.0.3')).status).to.equal(401);
      });
    });

    describe('given TRUST_PROXY_HOPS=2, one more than there are', () => {
      const proxied = ownProxiedService(kind, { environment: { ...limits, TRUST_PROXY_HOPS: '2' } });

      it('given a client that forges X-Forwarded-For: each request counts for another address', async () => {
        for (const forged of ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4']) {
          const headers = { 'x-forwarded-for': forged };
          const reply = await sendTo({ port: proxied().port, path: '/todo/api/tasks', headers });
          expect(reply.status).to.equal(401);
        }
      });
    });

    for (const [given, environment] of [
      ['TRUST_PROXY_HOPS=0', { TRUST_PROXY_HOPS: '0' }],
      ['another address in TRUSTED_PROXIES', { TRUST_PROXY_HOPS: '1', TRUSTED_PROXIES: '10.0.0.0/8' }],
    ] as const)
      describe(`given ${given}`, () => {
        const proxied = ownProxiedService(kind, { environment: { ...limits, ...environment } });

        it('given several clients: they share the limit of the proxy', async () => {
          const statuses: number[] = [];
          for (const localAddress of ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5'])
            statuses.push(
              (await sendTo({ port: proxied().port, path: '/todo/api/tasks', localAddress })).status,
            );
          expect(statuses).to.deep.equal([401, 401, 401, 429]);
        });
      });
  });
