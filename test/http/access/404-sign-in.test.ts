import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import type { Answer } from '../../support/http/http-client.ts';
import { listOf, problemOf } from '../../support/http/response-schemas.ts';
import { describeInMemory, describeOnEachStore, ownService } from '../../support/http/suites.ts';
import { absentId, kept } from '../../support/tasks/task-requests.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'];

/** The response without its date, its request id and the length of the request id. */
const comparable = ({ status, headers, text }: Answer): unknown => {
  const id = headers['x-request-id'] ?? '';
  const length = Number(headers['content-length']) - id.length;
  return {
    status,
    headers: { ...headers, date: '', 'x-request-id': '', 'content-length': length },
    text: text.replace(id, ''),
  };
};

describeInMemory('404 for sign-in paths below /api/auth', (service) => {
  for (const path of [
    '/api/auth',
    '/api/auth/',
    '/api/auth?redirect=x',
    '/api/auth/sign-in/email',
    '/api/auth/sign-up/email/',
    '/api/auth/get-session',
    '/api/auth/callback/github?code=x&state=%zz',
    '/api/auth/jwks',
    '/api/auth//',
    '/api/auth/%zz',
    '/api/auth/a%2Fb',
    '/api/auth/Tasks',
    '/api/auth/tasksx',
    '/api/auth/task',
    '/api/auth//tasks',
    '/api/auth/auth/tasks',
    `/api/auth/${absentId}`,
    '/api/%61uth/session',
    '/%61pi/auth/session',
  ])
    it(`given ${path}: the same 404 for every client and method`, async () => {
      const user = await service().user();
      const auth = await service().user('auth');
      const before = service().observations.length;
      for (const method of methods) {
        const answers = [
          await service().anonymous.send(method, path),
          await service().anonymous.send(method, path, { headers: { Authorization: 'Bearer nonsense' } }),
          await service().anonymous.send(method, path, { headers: { Authorization: 'Basic dXNlcjpwYXNz' } }),
          await user.send(method, path),
          await user.send(method, path, { json: { email: 'ada@example.org', password: 'x' } }),
          await user.send(method, path, { headers: { Accept: 'text/html', 'If-Match': 'x' } }),
          await auth.send(method, path),
        ];
        for (const answer of answers)
          expect(comparable(answer), method).to.deep.equal(comparable(answers[0]!));
        for (const { status, headers } of answers) {
          expect(status, method).to.equal(404);
          expect(headers['cache-control']).to.equal('no-store');
          expect(listOf(headers['vary'])).to.deep.equal(['origin']);
          expect(headers).not.to.have.any.keys('www-authenticate', 'ratelimit', 'allow', 'etag');
        }
      }
      const seen = service().observations.slice(before);
      expect(new Set(seen.map(({ type }) => type))).to.deep.equal(new Set(['request']));
    });

  it('given a sign-in request: the detail names the issuer and the section of README.md about sign-in', async () => {
    const answer = await service().anonymous.post('/api/auth/sign-in/email', { email: 'ada@example.org' });
    const { code, detail } = problemOf(answer);
    expect(code).to.equal('not_found');
    const [, section = ''] = /^Sign-in is at the issuer.* "([^"]+)" in README\.md/.exec(detail) ?? [];
    const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');
    expect(readme).to.match(new RegExp(`^#+ ${section}\\n\\n.*/api/auth`, 'ms'));
  });

  it('given an X-Request-Id: the problem has it', async () => {
    const headers = { 'X-Request-Id': 'mine' };
    const answer = await service().anonymous.get('/api/auth/session', { headers });
    expect(problemOf(answer).request_id).to.equal('mine');
  });

  it('given a body over the limit: 404', async () => {
    const headers = { 'Content-Type': 'application/json' };
    const answer = await service().anonymous.post('/api/auth/x', {}, { headers, body: 'x'.repeat(70_000) });
    expect(answer.status).to.equal(404);
  });

  it('given an allowed origin: CORS headers on the preflight and on the 404', async () => {
    const origin = 'http://localhost:3000';
    const preflight = { origin, 'access-control-request-method': 'POST' };
    const preflightAnswer = await service().anonymous.options('/api/auth/sign-in/email', {
      headers: preflight,
    });
    expect(preflightAnswer.status).to.equal(204);
    expect(preflightAnswer.headers['access-control-allow-origin']).to.equal(origin);
    const answer = await service().anonymous.post('/api/auth/sign-in/email', {}, { headers: { origin } });
    expect(answer.status).to.equal(404);
    expect(answer.headers['access-control-allow-origin']).to.equal(origin);
  });

  for (const path of [
    '/api/authx',
    '/api/auth;x',
    '/api/Auth/session',
    '/api/AUTH',
    '/api//auth',
    '/api/x/auth',
  ])
    it(`given ${path} without a token: 401`, async () => {
      expect((await service().anonymous.get(path)).status).to.equal(401);
    });

  for (const path of ['/auth', '/auth/session', '/x/api/auth'])
    it(`given ${path}: 404 that does not mention sign-in`, async () => {
      const answer = await service().anonymous.get(path);
      expect(answer.status).to.equal(404);
      expect(problemOf(answer).detail).not.to.include('Sign-in');
    });
});

describeOnEachStore('404 for sign-in does not apply to the tasks of a user named auth', (service) => {
  const paths = ['', '/', '?limit=1', `/${absentId}`, `/${absentId}/`, `/${absentId}/complete`, '/x/y/z'];
  for (const path of paths)
    for (const tasks of ['/api/auth/tasks', '/api/auth/%74asks', '/api/%61uth/tasks'])
      it(`given ${tasks}${path} without a token: 401`, async () => {
        for (const method of methods) {
          const answer = await service().anonymous.send(method, tasks + path);
          expect(answer.status, method).to.equal(401);
          expect(answer.headers['www-authenticate']).to.equal('Bearer realm="taskhold"');
        }
      });

  it('given the user auth: requests in the named URL scheme succeed', async () => {
    const auth = await service().user('auth');
    const created = await auth.post('/api/auth/tasks', { title: 'Buy milk' });
    expect(created.status).to.equal(201);
    const location = created.headers['location'] ?? '';
    expect(location).to.match(/^\/api\/auth\/tasks\/[0-9a-f-]{36}$/);
    expect((await auth.get('/api/auth/tasks')).status).to.equal(200);
    expect((await auth.get(location)).status).to.equal(200);
    expect((await auth.patch(`${location}/complete`)).status).to.equal(200);
    expect((await auth.get(`/api/auth/tasks/${absentId}`)).status).to.equal(404);
    expect((await auth.put('/api/auth/tasks', {})).status).to.equal(405);
    expect((await auth.delete(location)).status).to.equal(204);
  });

  it('given another user: 403', async () => {
    const auth = await service().user('auth');
    const { id } = await kept(auth);
    const other = await service().user();
    for (const path of ['', '/', `/${id}`, `/${absentId}`, `/${id}/complete`]) {
      const answer = await other.get(`/api/auth/tasks${path}`);
      expect(answer.status).to.equal(403);
      expect(problemOf(answer).code).to.equal('not_owner');
    }
  });
});

describe('404 for sign-in with rate limits', () => {
  const service = ownService({
    environment: { RATE_LIMIT_MAX: '3', RATE_LIMIT_ADDRESS_MAX: '10', TRUST_PROXY_HOPS: '1' },
  });
  const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });

  it('given requests with a token: not counted for the user', async () => {
    const user = await service().user();
    for (let time = 0; time < 5; time += 1)
      expect((await user.get('/api/auth/session', from('203.0.113.1'))).status).to.equal(404);
    const { headers } = await user.get('/api/tasks', from('203.0.113.1'));
    expect(headers['ratelimit']).to.match(/^"default";r=2;/);
  });

  it('given requests over the limit of the address: 429', async () => {
    const { anonymous } = service();
    for (let time = 0; time < 10; time += 1)
      expect((await anonymous.get('/api/auth/session', from('203.0.113.2'))).status).to.equal(404);
    const refused = await anonymous.get('/api/auth/session', from('203.0.113.2'));
    expect(refused.status).to.equal(429);
    expect(problemOf(refused).code).to.equal('rate_limited');
  });
});
