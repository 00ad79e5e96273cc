import { expect } from 'chai';
import { memoryTaskRepository } from '../../../src/infrastructure/memory/task-repository.ts';
import { securityHeaders } from '../../../src/interfaces/http/middleware/security-headers.ts';
import type { Answer } from '../../support/http/http-client.ts';
import { listOf } from '../../support/http/response-schemas.ts';
import { ownService } from '../../support/http/suites.ts';

describe('headers of every response', () => {
  const service = ownService({
    environment: { RATE_LIMIT_MAX: '8', REQUEST_TIMEOUT_MS: '200' },
    overrides: {
      tasks: {
        ...memoryTaskRepository(),
        remove: () => Promise.reject(new Error('broken on purpose')),
        change: () => new Promise(() => undefined),
      },
    },
  });
  const answers = new Map<string, Answer>();

  before(async () => {
    const { anonymous, operations } = service();
    const user = await service().user();
    const spent = await service().user();
    const origin = 'http://localhost:3000';
    const preflight = { origin, 'access-control-request-method': 'GET' };
    const id = '0199f0c2-7a51-7cc4-b1de-93d5e1a3c0aa';
    const list = await user.get('/api/tasks');
    const etag = list.headers['etag'] ?? '';
    const add = (name: string, answer: Answer) => answers.set(name, answer);
    add('200', list);
    add('304', await user.get('/api/tasks', { headers: { 'if-none-match': etag } }));
    add('201', await user.post('/api/tasks', { title: 'Buy milk' }));
    add('204 OPTIONS', await user.options('/api/tasks'));
    add('204 preflight', await anonymous.options('/api/tasks', { headers: preflight }));
    add(
      '204 foreign preflight',
      await anonymous.options('/', { headers: { ...preflight, origin: 'https://x.test' } }),
    );
    add('401', await anonymous.get('/api/tasks'));
    add('404', await anonymous.get('/nowhere'));
    add('413', await user.post('/api/tasks', { title: 'x'.repeat(70_000) }));
    add('500', await user.delete(`/api/tasks/${id}`));
    add('504', await user.patch(`/api/tasks/${id}`, { title: 'Takes too long' }));
    for (let time = 0; time < 9; time += 1) add('429', await spent.get('/api/nowhere'));
    add('200 health', await anonymous.get('/health'));
    add('200 live', await operations.get('/health/live'));
    add('200 metrics', await operations.get('/metrics'));
    add('404 operations', await operations.get('/nowhere'));
    const raw = {
      '400 bare': 'nonsense\r\n\r\n',
      '431 bare': `GET / HTTP/1.1\r\nHost: x\r\nA: ${'x'.repeat(20_000)}\r\n\r\n`,
      '501 bare': 'BREW / HTTP/1.1\r\nHost: x\r\n\r\n',
    };
    for (const [name, bytes] of Object.entries(raw)) {
      const [answer] = (await service().raw(bytes)).answers;
      if (answer !== undefined) add(name, answer);
    }
  });

  it('given the requests of this suite: the expected statuses', () => {
    for (const [name, { status }] of answers) expect(status, name).to.equal(Number.parseInt(name, 10));
    expect(answers.size).to.equal(19);
  });

  it('given any response: the security headers once each, no Server and no X-Powered-By', async () => {
    const expected = (await securityHeaders()).map(([name, value]) => [name.toLowerCase(), value] as const);
    expect(expected.map(([field]) => field)).to.include.members([
      'content-security-policy',
      'referrer-policy',
      'strict-transport-security',
      'x-content-type-options',
      'x-frame-options',
    ]);
    for (const [name, { headers }] of answers) {
      for (const [field, value] of expected) expect(headers[field], `${name}: ${field}`).to.equal(value);
      expect(headers, name).not.to.have.any.keys('x-powered-by', 'server');
    }
  });

  it('given any response: X-Request-Id, Date, and Vary: Origin', () => {
    for (const [name, { headers }] of answers) {
      expect(headers['x-request-id'], name).to.match(/^[A-Za-z0-9._-]{1,128}$/);
      expect(headers, name).to.have.property('date');
      expect(listOf(headers['vary']), name).to.include('origin');
    }
  });

  it('given an error: Cache-Control no-store; given tasks: private, and Vary: Authorization', () => {
    for (const [name, { status, headers }] of answers) {
      if (status >= 400) expect(headers['cache-control'], name).to.equal('no-store');
      if (['200', '201', '304'].includes(name)) {
        expect(headers['cache-control'], name).to.equal('private, no-cache');
        expect(listOf(headers['vary']), name).to.include('authorization');
      }
    }
  });

  it('given an authenticated request: RateLimit headers; otherwise: none', () => {
    for (const [name, { headers }] of answers) {
      const isAuthenticated = ['200', '201', '204 OPTIONS', '304', '413', '429', '500', '504'].includes(name);
      const fields = ['ratelimit', 'ratelimit-policy'].map((field) => field in headers);
      expect(fields, name).to.deep.equal([isAuthenticated, isAuthenticated]);
      expect('retry-after' in headers, name).to.equal(name === '429');
    }
  });
});
