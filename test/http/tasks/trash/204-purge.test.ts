import { expect } from 'chai';
import { idsOf, problemOf, tasksOf } from '../../../support/http/response-schemas.ts';
import {
  describeInMemory,
  describeOnEachStore,
  ownService,
  urlSchemes,
} from '../../../support/http/suites.ts';
import { sampleOf, samplesOf } from '../../../support/metrics.ts';
import { kept, keptFor } from '../../../support/tasks/task-requests.ts';

const inTrash = { isOfTrash: true } as const;

describeOnEachStore('204 purge', (service) => {
  for (const scheme of urlSchemes) {
    it(`given a task in the trash: gone for good, without a revision; a second request is 404 (${scheme} URL scheme)`, async () => {
      const user = await service().user();
      const [id, other] = [await keptFor(user, inTrash), await keptFor(user, inTrash)];
      const answer = await user.delete(`${user.lists[scheme]}/trash/${id}`);
      expect(answer.status).to.equal(204);
      expect(answer.headers).not.to.have.any.keys('content-type', 'content-length', 'etag');
      expect(idsOf(await user.get(`${user.lists[scheme]}/trash`))).to.deep.equal([other]);
      const again = await user.delete(`${user.lists[scheme]}/trash/${id}`);
      expect(again.status).to.equal(404);
      expect(problemOf(again).code).to.equal('task_not_found');
      expect((await user.send('POST', `${user.lists[scheme]}/${id}/restore`)).status).to.equal(404);
      expect((await kept(user)).revision).to.equal(5);
    });

    it(`given a task in the list: 404, and it stays (${scheme} URL scheme)`, async () => {
      const user = await service().user();
      const task = await kept(user);
      expect((await user.delete(`${user.lists[scheme]}/trash/${task.id}`)).status).to.equal(404);
      expect(tasksOf(await user.get(user.lists.own))).to.deep.equal([task]);
    });

    it(`given all: the trash is empty, lists stay; also where it was empty (${scheme} URL scheme)`, async () => {
      const user = await service().user();
      const task = await kept(user);
      for (let n = 0; n < 3; n += 1) await keptFor(user, inTrash);
      for (let n = 0; n < 2; n += 1) {
        const answer = await user.delete(`${user.lists[scheme]}/trash`);
        expect(answer.status).to.equal(204);
        expect((await user.get(`${user.lists[scheme]}/trash`)).text).to.equal('[]');
      }
      expect(tasksOf(await user.get(user.lists.own))).to.deep.equal([task]);
      expect((await kept(user)).revision).to.equal(8);
    });
  }
});

describeInMemory('paths of the trash', (service) => {
  it('given /trash/complete and /trash/restore: paths of the malformed id trash', async () => {
    for (const scheme of urlSchemes) {
      const user = await service().user();
      for (const [method, path] of [
        ['PATCH', '/trash/complete'],
        ['POST', '/trash/restore'],
        ['DELETE', '/trash/trash'],
      ] as const) {
        const answer = await user.send(method, user.lists[scheme] + path);
        expect([answer.status, problemOf(answer).code], path).to.deep.equal([404, 'task_not_found']);
      }
      for (const path of ['/trash/complete', '/trash/restore'])
        expect((await user.delete(user.lists[scheme] + path)).status).to.equal(405);
    }
  });

  it('given /api/tasks/tasks/trash, also for the user tasks: 404, a path of neither URL scheme', async () => {
    for (const id of [undefined, 'tasks']) {
      const user = await service().user(id);
      for (const [method, path] of [
        ['GET', '/api/tasks/tasks/trash'],
        ['DELETE', '/api/tasks/tasks/trash'],
        ['DELETE', '/api/tasks/tasks/trash/x'],
      ] as const)
        expect((await user.send(method, path)).status, path).to.equal(404);
      const answer = await user.send('POST', '/api/tasks/tasks/restore');
      expect([answer.status, problemOf(answer).code]).to.deep.equal([404, 'task_not_found']);
    }
  });

  it('given a user named trash: a list and a trash of their own', async () => {
    const user = await service().user('trash');
    const id = await keptFor(user, inTrash);
    expect(idsOf(await user.get('/api/trash/tasks/trash'))).to.deep.equal([id]);
    expect((await user.delete('/api/trash/tasks/trash')).status).to.equal(204);
  });
});

describe('metrics of purges', () => {
  const service = ownService({ store: 'PostgreSQL' });

  it('given purges of one and of all: each task is counted', async () => {
    const user = await service().user();
    const ids = [await keptFor(user, inTrash), await keptFor(user, inTrash), await keptFor(user, inTrash)];
    await user.delete(`${user.lists.own}/trash/${ids[0]}`);
    await user.delete(`${user.lists.own}/trash/${ids[0]}`);
    await user.delete(`${user.lists.own}/trash`);
    const samples = samplesOf((await service().operations.get('/metrics')).text);
    expect(sampleOf(samples, 'purged_rows_total', { reason: 'user' })).to.equal(3);
  });
});
