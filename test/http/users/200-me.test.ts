import { expect } from 'chai';
import { z } from 'zod';
import type { Answer } from '../../support/http/http-client.ts';
import { problemOf, taskOf } from '../../support/http/response-schemas.ts';
import { describeOnEachStore } from '../../support/http/suites.ts';
import { userId } from '../../support/tasks/tasks.ts';
import { tokenFor } from '../../support/tokens/tokens.ts';

const meBody = z.strictObject({
  id: z.string(),
  email: z.string().nullable(),
  display_name: z.string().nullable(),
  created_at: z.iso.datetime({ precision: 3 }).nullable(),
  tasks: z.strictObject({ total: z.int(), pending: z.int(), completed: z.int() }),
  revision: z.int(),
});

const meOf = (answer: Answer) => meBody.parse(JSON.parse(answer.text));

describeOnEachStore('200 /api/me', (service) => {
  it('given a user without writes: no profile, no tasks, revision 0', async () => {
    const user = await service().user();
    const answer = await user.get('/api/me');
    expect(answer.status).to.equal(200);
    expect(answer.headers['content-type']).to.equal('application/json; charset=utf-8');
    expect(answer.headers['cache-control']).to.equal('private, no-cache');
    expect(answer.headers['vary']).to.equal('Origin, Authorization');
    expect(meOf(answer)).to.deep.equal({
      id: user.id,
      email: null,
      display_name: null,
      created_at: null,
      tasks: { total: 0, pending: 0, completed: 0 },
      revision: 0,
    });
  });

  it('given tasks of two users: only own tasks are counted', async () => {
    const [user, other] = [await service().user(), await service().user()];
    const first = taskOf(await user.post('/api/tasks', { title: 'a' }));
    await user.post('/api/tasks', { title: 'b', completed: true });
    await user.post('/api/tasks', { title: 'c', completed: true });
    await other.post('/api/tasks', { title: 'd' });
    const me = meOf(await user.get('/api/me'));
    expect(me.tasks).to.deep.equal({ total: 3, pending: 1, completed: 2 });
    expect(me).to.include({ id: user.id, created_at: first.created_at, revision: 3 });
    expect(meOf(await other.get('/api/me/')).tasks).to.deep.equal({ total: 1, pending: 1, completed: 0 });
  });

  it('given profile claims in the token: these; given none: those stored by a write', async () => {
    const id = userId();
    const as = async (claims: object) => ({
      headers: { authorization: `Bearer ${await tokenFor(id, { ...claims })}` },
    });
    const { anonymous } = service();
    const full = await as({ email: 'ada@example.org', name: 'Ada' });
    expect(meOf(await anonymous.get('/api/me', full))).to.include({
      email: 'ada@example.org',
      display_name: 'Ada',
    });
    expect(meOf(await anonymous.get('/api/me', await as({})))).to.include({
      email: null,
      display_name: null,
    });
    await anonymous.post('/api/tasks', { title: 'a' }, full);
    expect(meOf(await anonymous.get('/api/me', await as({})))).to.include({
      email: 'ada@example.org',
      display_name: 'Ada',
    });
    expect(meOf(await anonymous.get('/api/me', await as({ email: 'ada@example.com' })))).to.include({
      email: 'ada@example.com',
      display_name: 'Ada',
    });
  });

  it('given the ETag: 304; after a write, or for another user: 200', async () => {
    const user = await service().user();
    const before = await user.get('/api/me');
    const condition = { headers: { 'If-None-Match': before.headers['etag'] ?? '' } };
    const same = await user.get('/api/me', condition);
    expect(same.status).to.equal(304);
    expect(same.headers['etag']).to.equal(before.headers['etag']);
    await user.post('/api/tasks', { title: 'a' });
    expect((await user.get('/api/me', condition)).status).to.equal(200);
    const other = await service().user();
    expect((await other.get('/api/me', condition)).status).to.equal(200);
  });

  it('given HEAD and OPTIONS: 200 and 204; given a write: 405', async () => {
    const user = await service().user();
    const head = await user.head('/api/me');
    expect(head.status).to.equal(200);
    expect(head.headers['etag']).to.equal((await user.get('/api/me')).headers['etag']);
    const options = await user.options('/api/me');
    expect(options.status).to.equal(204);
    expect(options.headers['allow']).to.equal('DELETE, GET, HEAD, OPTIONS');
    for (const method of ['POST', 'PUT', 'PATCH']) {
      const refused = await user.send(method, '/api/me', { json: { email: 'x@example.org' } });
      expect(refused.status).to.equal(405);
      expect(refused.headers['allow']).to.equal('DELETE, GET, HEAD, OPTIONS');
    }
    expect((await user.get('/api/me', { headers: { Accept: 'text/html' } })).status).to.equal(406);
    expect((await service().anonymous.get('/api/me')).status).to.equal(401);
    expect(problemOf(await user.get('/api/Me')).code).to.equal('not_found');
  });

  it('given the user me: /api/me/tasks are the tasks of that user', async () => {
    const [me, other] = [await service().user('me'), await service().user()];
    expect((await me.get('/api/me/tasks')).status).to.equal(200);
    expect((await other.get('/api/me/tasks')).status).to.equal(403);
  });
});
