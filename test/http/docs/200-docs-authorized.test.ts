import { expect } from 'chai';
import { decodeJwt } from 'jose';
import type { Answer } from '../../support/http/http-client.ts';
import { startService, type Service, type ServiceOptions } from '../../support/http/service.ts';

/** Without a configured secret the service has one of its own. */
const development = { NODE_ENV: 'development', BETTER_AUTH_SECRET: '' };

const tokenOf = ({ text }: Answer): string | undefined =>
  /<meta name="demo-token" content="([\w.-]+)">/.exec(text)?.[1];

describe('200 /docs with a token of demo', () => {
  const opened = new AsyncDisposableStack();
  let service: Service;
  before(async () => {
    service = opened.use(await startService({ environment: development }));
  });
  after(() => opened.disposeAsync());

  const load = (headers: Readonly<Record<string, string>> = {}, path = '/docs') =>
    service.anonymous.get(path, { headers });

  it('given development and a browser of this machine: a token of demo, valid for an hour, that works', async () => {
    const page = await load({ 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' });
    const token = tokenOf(page) ?? '';
    const { sub, iat = 0, exp = 0 } = decodeJwt(token);
    expect([sub, exp - iat]).to.deep.equal(['demo', 3600]);
    expect(page.headers['cache-control']).to.equal('no-store');
    expect(page.headers['x-frame-options']).to.equal('DENY');
    const listed = await service.anonymous.get('/api/tasks', {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(listed.status).to.equal(200);
  });

  for (const host of ['localhost', 'LOCALHOST:8000', '127.0.0.1:8000', '[::1]:8000'])
    it(`given the Host ${host}: a token`, async () => {
      expect(tokenOf(await load({ host }))).to.be.a('string');
    });

  for (const [what, headers] of [
    ['a Host of DNS rebinding', { host: 'evil.example' }],
    ['such a Host with the port', { host: 'evil.example:8000' }],
    ['a Host that begins with localhost', { host: 'localhost.evil.example' }],
    ['a Host that ends with localhost', { host: 'evil.localhost' }],
    ['a Host that begins with an address', { host: '127.0.0.1.evil.example' }],
    ['an address of the network', { host: '192.168.0.2:8000' }],
    ['a page of another port', { origin: 'http://localhost:5173' }],
    ['a sandboxed page', { origin: 'null' }],
    ['a proxy with X-Forwarded-For', { 'x-forwarded-for': '127.0.0.1' }],
    ['a proxy with Forwarded', { forwarded: 'for=127.0.0.1' }],
    ['a proxy with Via', { via: '1.1 tunnel' }],
    ['a proxy with X-Real-IP', { 'x-real-ip': '127.0.0.1' }],
    ['a proxy with X-Forwarded-Host', { 'x-forwarded-host': 'localhost' }],
  ] as const)
    it(`given ${what}: the page without a token`, async () => {
      const page = await load(headers);
      expect(page.status).to.equal(200);
      expect(page.text).to.include('<title>Taskhold</title>').and.not.include('<meta name="demo-token"');
    });

  const settings: readonly (readonly [what: string, environment: ServiceOptions['environment']])[] = [
    ['production', { NODE_ENV: 'production' }],
    ['NODE_ENV test', { NODE_ENV: 'test', BETTER_AUTH_SECRET: '' }],
    ['a configured secret', { NODE_ENV: 'development' }],
    ['a key set', { ...development, JWKS_URL: 'http://127.0.0.1:1/jwks' }],
    ['a public URL', { ...development, PUBLIC_URL: 'http://localhost:8080/todo' }],
  ];
  for (const [what, environment] of settings)
    it(`given ${what}: no token on any page`, async () => {
      await using other = await startService({ environment: { ...environment } });
      expect(tokenOf(await other.anonymous.get('/docs'))).to.equal(undefined);
      expect((await other.anonymous.get('/docs')).text).not.to.include('<meta name="demo-token"');
    });
});
