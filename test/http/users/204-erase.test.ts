import { expect } from 'chai';
import { problemOf, tasksOf } from '../../support/http/response-schemas.ts';
import { describeOnEachStore, urlSchemes } from '../../support/http/suites.ts';
import { changesOf } from '../../support/tasks/changes/follow-changes.ts';
import { kept } from '../../support/tasks/task-requests.ts';

describeOnEachStore('204 erase', (service) => {
  it('given tasks: nothing is left but the counter', async () => {
    const user = await service().user();
    const [first, second] = [await kept(user), await kept(user)];
    await user.delete(`/api/tasks/${first.id}`);
    const tag = (await user.get('/api/tasks')).headers['etag'] ?? '';
    const answer = await user.delete('/api/me');
    expect(answer.status).to.equal(204);
    expect(answer.text).to.equal('');
    for (const scheme of urlSchemes) {
      const list = user.lists[scheme];
      const unchanged = await user.get(list, { headers: { 'If-None-Match': tag } });
      expect(tasksOf(unchanged)).to.deep.equal([]);
      expect((await user.get(`${list}/${second.id}`)).status).to.equal(404);
      expect((await user.put(`${list}/${second.id}`, { title: 'x' })).status).to.equal(404);
      expect(changesOf(await user.get(`${list}/changes?since=0`))).to.deep.equal({
        changes: [],
        revision: 4,
        has_more: false,
      });
    }
    const me: unknown = JSON.parse((await user.get('/api/me')).text);
    expect(me).to.deep.include({ email: null, display_name: null, created_at: null, revision: 4 });
    expect(me).to.have.deep.property('tasks', { total: 0, pending: 0, completed: 0 });
  });

  it('given a client that follows changes: 410 for every revision but 0 and those after', async () => {
    const user = await service().user();
    for (let n = 0; n < 3; n += 1) await kept(user);
    await user.delete('/api/me');
    await kept(user);
    for (const since of [1, 2, 3]) {
      const answer = await user.get(`/api/tasks/changes?since=${since}`);
      expect(answer.status).to.equal(410);
      expect(problemOf(answer).code).to.equal('revision_expired');
    }
    for (const since of [0, 4]) {
      const { changes, revision } = changesOf(await user.get(`/api/tasks/changes?since=${since}`));
      expect(changes.map((change) => change.revision)).to.deep.equal([5]);
      expect(revision).to.equal(5);
    }
  });

  it('given a user without tasks, or a second request: 204', async () => {
    const user = await service().user();
    expect((await user.delete('/api/me')).status).to.equal(204);
    await kept(user);
    expect((await user.delete('/api/me')).status).to.equal(204);
    expect((await user.delete('/api/me/')).status).to.equal(204);
  });

  it('given tasks of another user: they stay', async () => {
    const [user, other] = [await service().user(), await service().user()];
    await kept(user);
    const task = await kept(other);
    await user.delete('/api/me');
    expect(tasksOf(await other.get('/api/tasks'))).to.deep.equal([task]);
  });
});
