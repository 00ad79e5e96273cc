import { expect } from 'chai';
import type { Answer } from '../../support/http/http-client.ts';
import { listOf } from '../../support/http/response-schemas.ts';
import { ownService } from '../../support/http/suites.ts';

const app = 'https://app.example.com';
const preflight = { origin: app, 'access-control-request-method': 'PATCH' };
const absent = '0199f0c2-7a51-7cc4-b1de-93d5e1a3c0aa';

describe('CORS', () => {
  const service = ownService({
    environment: { CORS_ORIGINS: `${app}, http://localhost:4000` },
    overrides: {
      health: { isReady: () => Promise.reject(new Error('broken on purpose')), problem: () => null },
    },
  });

  it('given a preflight of an allowed origin without a token: 204 on every path', async () => {
    for (const path of ['/api/tasks', `/api/u/tasks/${absent}/complete`, '/api/nothing', '/health']) {
      const { status, headers } = await service().anonymous.options(path, { headers: preflight });
      expect(status, path).to.equal(204);
      expect(headers['access-control-allow-origin']).to.equal(app);
      expect(headers['access-control-allow-credentials']).to.equal('true');
      expect(Number(headers['access-control-max-age'])).to.be.greaterThan(0);
      expect(listOf(headers['access-control-allow-methods'])).to.include.members(
        ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map((method) => method.toLowerCase()),
      );
      expect(listOf(headers['access-control-allow-headers'])).to.have.members([
        'authorization',
        'content-type',
        'if-match',
        'if-none-match',
        'idempotency-key',
        'last-event-id',
        'x-request-id',
      ]);
      expect(headers).not.to.have.property('content-type');
    }
  });

  it('given a preflight of another origin: 204 without CORS headers', async () => {
    for (const origin of ['https://evil.example.com', `${app}.evil.com`, `${app}:443`, 'null', '*']) {
      const { status, headers } = await service().anonymous.options('/api/tasks', {
        headers: { ...preflight, origin },
      });
      expect(status, origin).to.equal(204);
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).to.deep.equal([]);
    }
  });

  it('given a configured origin: it is echoed, and the headers that a frontend reads are exposed', async () => {
    const user = await service().user();
    const { status, headers } = await user.post(
      '/api/tasks',
      { title: 'Buy milk' },
      { headers: { origin: 'http://localhost:4000' } },
    );
    expect(status).to.equal(201);
    expect(headers['access-control-allow-origin']).to.equal('http://localhost:4000');
    expect(headers['access-control-allow-credentials']).to.equal('true');
    expect(listOf(headers['access-control-expose-headers'])).to.have.members([
      'content-disposition',
      'etag',
      'idempotent-replayed',
      'link',
      'location',
      'retry-after',
      'ratelimit',
      'ratelimit-policy',
      'x-request-id',
      'x-total-count',
    ]);
    expect(listOf(headers['vary'])).to.have.members(['origin', 'authorization']);
  });

  it('given another origin, or none: 200 without CORS headers', async () => {
    const user = await service().user();
    for (const headers of [{}, { origin: 'https://evil.example.com' }]) {
      const answer = await user.get('/api/tasks', { headers });
      expect(answer.status).to.equal(200);
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).to.deep.equal(
        [],
      );
      expect(listOf(answer.headers['vary'])).to.include('origin');
    }
  });

  it('given a configured origin: CORS headers on every status', async () => {
    const user = await service().user();
    const headers = { origin: app };
    const { anonymous } = service();
    const list = await user.get('/api/tasks');
    const answers = {
      304: await user.get('/api/tasks', { headers: { ...headers, 'if-none-match': list.headers['etag']! } }),
      400: await user.send('POST', '/api/tasks', {
        headers: { ...headers, 'content-type': 'application/json' },
        body: '{',
      }),
      401: await anonymous.get('/api/tasks', { headers }),
      403: await user.get('/api/somebody-else/tasks', { headers }),
      404: await anonymous.get('/nothing', { headers }),
      405: await user.delete('/api/tasks', { headers }),
      413: await user.post('/api/tasks', { title: 'x'.repeat(70_000) }, { headers }),
      415: await user.send('POST', '/api/tasks', { headers, body: 'title=x' }),
      422: await user.post('/api/tasks', { title: '' }, { headers }),
      500: await anonymous.get('/health', { headers }),
    };
    for (const [status, answer] of Object.entries(answers)) {
      expect(answer.status).to.equal(Number(status));
      expect(answer.headers['access-control-allow-origin'], status).to.equal(app);
      expect(answer.headers['access-control-expose-headers'], status).to.include('X-Request-Id');
    }
  });

  it('given a configured origin: CORS headers with every method, with a token and without one', async () => {
    const user = await service().user();
    const headers = { origin: app };
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'])
      for (const caller of [user, service().anonymous])
        for (const path of ['/api/tasks', '/health', '/nothing']) {
          const answer = await caller.send(method, path, { headers });
          expect(answer.headers, `${method} ${path}`).to.include({
            'access-control-allow-origin': app,
            'access-control-allow-credentials': 'true',
          });
          expect(listOf(answer.headers['access-control-expose-headers'])).to.include('x-request-id');
        }
  });

  it('given OPTIONS without Origin or Access-Control-Request-Method: not a preflight, a token is required', async () => {
    expect((await service().anonymous.options('/api/tasks', { headers: { origin: app } })).status).to.equal(
      401,
    );
    const withoutOrigin = { 'access-control-request-method': 'GET' };
    expect((await service().anonymous.options('/api/tasks', { headers: withoutOrigin })).status).to.equal(
      401,
    );
    const user = await service().user();
    const answer = await user.options('/api/tasks', { headers: { origin: app } });
    expect(answer.status).to.equal(204);
    expect(answer.headers['allow']).to.equal('GET, HEAD, OPTIONS, POST');
  });
});

describe('CORS with CORS_ORIGINS unset', () => {
  const development = ownService({ environment: { NODE_ENV: 'development' } });
  const test = ownService();
  const production = ownService({ environment: { NODE_ENV: 'production' } });

  const local = [
    'http://localhost',
    'http://localhost:3000',
    'http://localhost:49152',
    'http://127.0.0.1:5173',
  ];
  const foreign = [
    'https://localhost:3000',
    'http://[::1]:3000',
    'http://localhost.evil',
    'http://127.0.0.1.evil:3000',
    'null',
  ];
  const corsHeaders = ({ headers }: Answer): readonly string[] =>
    Object.keys(headers).filter((name) => name.startsWith('access-control'));

  it('given a loopback origin outside production: allowed on every port and echoed', async () => {
    for (const service of [development, test])
      for (const origin of local) {
        const headers = { ...preflight, origin };
        const preflighted = await service().anonymous.options('/api/tasks', { headers });
        expect(preflighted.status, origin).to.equal(204);
        expect(preflighted.headers['access-control-allow-origin'], origin).to.equal(origin);
        expect(preflighted.headers['access-control-allow-credentials'], origin).to.equal('true');
        const user = await service().user();
        const answer = await user.get('/api/tasks', { headers: { origin } });
        expect(answer.headers['access-control-allow-origin'], origin).to.equal(origin);
        expect(listOf(answer.headers['vary'])).to.include('origin');
      }
  });

  it('given another origin outside production: no CORS headers', async () => {
    for (const service of [development, test])
      for (const origin of foreign) {
        const headers = { ...preflight, origin };
        const preflighted = await service().anonymous.options('/api/tasks', { headers });
        expect([preflighted.status, corsHeaders(preflighted)], origin).to.deep.equal([204, []]);
        const answer = await service().anonymous.get('/health', { headers: { origin } });
        expect([answer.status, corsHeaders(answer)], origin).to.deep.equal([200, []]);
      }
  });

  it('given any origin in production: no CORS headers', async () => {
    for (const origin of [...local, ...foreign]) {
      const headers = { ...preflight, origin };
      const preflighted = await production().anonymous.options('/api/tasks', { headers });
      expect([preflighted.status, corsHeaders(preflighted)], origin).to.deep.equal([204, []]);
    }
  });
});

describe('CORS with CORS_ORIGINS set, in development', () => {
  const service = ownService({ environment: { NODE_ENV: 'development', CORS_ORIGINS: app } });

  it('given a loopback origin that is not configured: not allowed', async () => {
    const allowed = async (origin: string) => {
      const headers = { ...preflight, origin };
      return (await service().anonymous.options('/api/tasks', { headers })).headers[
        'access-control-allow-origin'
      ];
    };
    expect(await allowed(app)).to.equal(app);
    expect(await allowed('http://localhost:3000')).to.equal(undefined);
  });
});
