import { expect } from 'chai';
import { problemOf, tasksOf } from '../../support/http/response-schemas.ts';
import { describeOnEachStore, urlSchemes } from '../../support/http/suites.ts';
import { changesOf, followChanges } from '../../support/tasks/changes/follow-changes.ts';
import { kept } from '../../support/tasks/task-requests.ts';

describeOnEachStore('200 changes', (service) => {
  for (const scheme of urlSchemes) {
    it(`given writes: each task once, as it is now, by revision (${scheme} URL scheme)`, async () => {
      const user = await service().user();
      const list = user.lists[scheme];
      const [first, second, third] = [await kept(user), await kept(user), await kept(user)];
      await user.put(`${list}/${first.id}`, { title: 'Buy oat milk' });
      await user.delete(`${list}/${second.id}`);
      const answer = await user.get(`${list}/changes?since=0`);
      expect(answer.status).to.equal(200);
      expect(answer.headers['cache-control']).to.equal('private, no-cache');
      expect(changesOf(answer)).to.deep.equal({
        changes: [
          { revision: 3, id: third.id, task: third },
          {
            revision: 4,
            id: first.id,
            task: tasksOf(await user.get(list)).find(({ id }) => id === first.id),
          },
          { revision: 5, id: second.id, task: null },
        ],
        revision: 5,
        has_more: false,
      });
    });

    it(`given small limits: a client that follows has what a list has (${scheme} URL scheme)`, async () => {
      const user = await service().user();
      const list = user.lists[scheme];
      const follower = followChanges(user, list, 2);
      for (let n = 0; n < 5; n += 1) {
        const { id } = await kept(user, { title: `Task ${n}` });
        await kept(user);
        if (n % 2 === 0) await user.delete(`${list}/${id}`);
        else await user.patch(`${list}/${id}/complete`);
        await follower.catchUp();
        const tasks = tasksOf(await user.get(list));
        expect(follower.tasks()).to.have.deep.members(tasks).and.to.have.length(tasks.length);
      }
    });

    it(`given the tag of the response: 304 until the next write (${scheme} URL scheme)`, async () => {
      const user = await service().user();
      await kept(user);
      const target = `${user.lists[scheme]}/changes?since=0`;
      const tag = (await user.get(target)).headers['etag'] ?? '';
      const headers = { 'If-None-Match': tag };
      expect((await user.get(target, { headers })).status).to.equal(304);
      expect((await user.get(`${user.lists[scheme]}/changes?since=1`, { headers })).status).to.equal(200);
      await kept(user);
      expect((await user.get(target, { headers })).status).to.equal(200);
    });

    it(`given a user without tasks: no change, revision 0 (${scheme} URL scheme)`, async () => {
      const user = await service().user();
      const answer = await user.get(`${user.lists[scheme]}/changes?since=0`);
      expect(changesOf(answer)).to.deep.equal({ changes: [], revision: 0, has_more: false });
    });

    const aboveAll = [
      '9007199254740991',
      '9007199254740992',
      '9007199254740993',
      '0'.repeat(9) + '9'.repeat(400),
    ];
    for (const since of ['1', '2', '099', ...aboveAll])
      it(`given since=${since.slice(0, 30)} above the counter: 410 revision_expired (${scheme} URL scheme)`, async () => {
        const user = await service().user();
        const answer = await user.get(`${user.lists[scheme]}/changes?since=${since}`);
        expect(answer.status).to.equal(410);
        expect(problemOf(answer).code).to.equal('revision_expired');
      });

    for (const [query, fields] of [
      ['', ['since']],
      ['since=', ['since']],
      ['since=-1', ['since']],
      ['since=1.5', ['since']],
      ['since=1e3', ['since']],
      ['since=1%D9%A0', ['since']],
      ['since=0x1', ['since']],
      ['since=0&since=0', ['since']],
      ['limit=0', ['limit', 'since']],
      ['since=x&limit=1001', ['since', 'limit']],
      ['since=0&limit=1&limit=1', ['limit']],
    ] as const)
      it(`given ?${query}: 422 invalid_query that names ${fields.join(' and ')} (${scheme} URL scheme)`, async () => {
        const user = await service().user();
        const answer = await user.get(`${user.lists[scheme]}/changes?${query}`);
        expect(answer.status).to.equal(422);
        const { code, errors } = problemOf(answer);
        expect(code).to.equal('invalid_query');
        expect(errors?.map(({ field }) => field)).to.have.members(fields);
      });
  }
});
