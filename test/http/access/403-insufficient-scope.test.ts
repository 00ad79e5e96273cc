import { expect } from 'chai';
import type { RequestOptions } from '../../support/http/http-client.ts';
import { problemOf, taskOf, tasksOf } from '../../support/http/response-schemas.ts';
import type { User } from '../../support/http/service.ts';
import { describeInMemory, urlSchemes } from '../../support/http/suites.ts';
import { absentId, kept, keptFor, targetOf, taskRequests } from '../../support/tasks/task-requests.ts';
import { tokenFor } from '../../support/tokens/tokens.ts';

const challengeFor = (scope: string): string =>
  `Bearer realm="taskhold", error="insufficient_scope", scope="${scope}"`;

/** The header field of a token of this user with these scopes. */
const withScope = async ({ id }: User, scope: unknown): Promise<Pick<RequestOptions, 'headers'>> => ({
  headers: { Authorization: `Bearer ${await tokenFor(id, { scope })}` },
});

describeInMemory('403 insufficient_scope', (service) => {
  for (const request of taskRequests) {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const [needed, other] = isRead ? ['tasks:read', 'tasks:write'] : ['tasks:write', 'tasks:read'];
    const json = request.json === undefined ? {} : { json: request.json };

    for (const scheme of urlSchemes) {
      it(`given ${request.name} without ${needed}: 403, nothing written (${scheme} URL scheme)`, async () => {
        const user = await service().user();
        const task = await kept(user);
        for (const scope of [other, ['openid', other], 'tasks:other']) {
          const options = { ...(await withScope(user, scope)), ...json };
          const answer = await user.send(
            request.method,
            targetOf(user.lists[scheme], request, task.id),
            options,
          );
          expect(answer.status).to.equal(403);
          expect(answer.headers['www-authenticate']).to.equal(challengeFor(needed));
          if (request.method !== 'HEAD') {
            expect(problemOf(answer).code).to.equal('insufficient_scope');
            expect(problemOf(answer).detail).to.include(needed);
          }
        }
        expect(tasksOf(await user.get(user.lists.own))).to.deep.equal([task]);
      });

      it(`given ${request.name} with ${needed}: success (${scheme} URL scheme)`, async () => {
        const user = await service().user();
        const id = await keptFor(user, request);
        const options = { ...(await withScope(user, `openid ${needed}`)), ...json };
        const answer = await user.send(request.method, targetOf(user.lists[scheme], request, id), options);
        expect(answer.status).to.be.below(300);
      });
    }
  }

  it('given tasks:write alone: 403 for /api/me; given tasks:read: 200', async () => {
    const user = await service().user();
    const refused = await user.get('/api/me', await withScope(user, 'tasks:write'));
    expect(refused.status).to.equal(403);
    expect(refused.headers['www-authenticate']).to.equal(challengeFor('tasks:read'));
    expect((await user.get('/api/me', await withScope(user, 'tasks:read'))).status).to.equal(200);
  });

  it('given scopes of other services alone: the token allows everything', async () => {
    const user = await service().user();
    const options = await withScope(user, 'openid email');
    const { id } = taskOf(await user.post('/api/tasks', { title: 'x' }, options));
    expect((await user.get(`/api/tasks/${id}`, options)).status).to.equal(200);
    expect((await user.delete(`/api/tasks/${id}`, options)).status).to.equal(204);
  });

  it('given OPTIONS with any valid token: 204', async () => {
    const user = await service().user();
    for (const scope of ['tasks:read', 'tasks:write', 'tasks:other'])
      for (const target of ['/api/me', '/api/tasks', user.lists.named, `/api/tasks/${absentId}`])
        expect((await user.options(target, await withScope(user, scope))).status, target).to.equal(204);
  });

  it('given a scope that is neither a string nor an array of strings: 401', async () => {
    const user = await service().user();
    for (const scope of [1, true, {}, [1], ['tasks:read', 1]]) {
      const answer = await user.get('/api/tasks', await withScope(user, scope));
      expect(answer.status, JSON.stringify(scope)).to.equal(401);
      expect(answer.headers['www-authenticate']).to.include('error="invalid_token"');
    }
  });

  it('given another user in the path: not_owner, whatever the scope', async () => {
    const [user, other] = [await service().user(), await service().user()];
    for (const scope of ['tasks:read', 'tasks:write', 'tasks:other']) {
      const answer = await user.post(other.lists.named, { title: 'x' }, await withScope(user, scope));
      expect(answer.status).to.equal(403);
      expect(problemOf(answer).code).to.equal('not_owner');
      expect(answer.headers).not.to.have.property('www-authenticate');
    }
  });

  it('given no scope for the method: 403 before method, Accept, query, body and preconditions are checked', async () => {
    const user = await service().user();
    const { headers } = await withScope(user, 'tasks:read');
    const requests: readonly (readonly [method: string, target: string, options: RequestOptions])[] = [
      ['DELETE', '/api/tasks', {}],
      ['TRACE', `/api/tasks/${absentId}`, {}],
      ['POST', '/api/tasks', { headers: { Accept: 'text/html' } }],
      ['POST', '/api/tasks?limit=%zz', { json: { title: 'x' } }],
      ['POST', '/api/tasks', { headers: { 'Content-Type': 'application/json' }, body: '{' }],
      ['POST', '/api/tasks', { headers: { 'Content-Type': 'text/plain' }, body: 'x'.repeat(70_000) }],
      ['PUT', `/api/tasks/${absentId}`, { headers: { 'If-Match': 'nonsense' }, json: {} }],
      ['DELETE', '/api/tasks/malformed', {}],
    ];
    for (const [method, target, options] of requests) {
      const answer = await user.send(method, target, {
        ...options,
        headers: { ...options.headers, ...headers },
      });
      expect(answer.status, `${method} ${target}`).to.equal(403);
      expect(problemOf(answer).code).to.equal('insufficient_scope');
    }
  });
});
