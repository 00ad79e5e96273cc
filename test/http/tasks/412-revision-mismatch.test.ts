import { expect } from 'chai';
import { inBatches, numbers } from '../../support/in-batches.ts';
import { problemOf, taskOf, type TaskBody } from '../../support/http/response-schemas.ts';
import type { User } from '../../support/http/service.ts';
import { describeOnEachStore, urlSchemes } from '../../support/http/suites.ts';
import { conditionalWrites, kept, perform } from '../../support/tasks/task-requests.ts';

/** `If-Match` values that match a task of revision 41. */
const matching = [
  '"41"',
  '*',
  '"1", "41"',
  '"41","42"',
  ',, "41" ,',
  'W/"41", "41"',
  '"x", "41"',
  '"a,b", "41"',
];

/** Values that do not match it. */
const others = [
  '"40"',
  '"42"',
  '"4"',
  '"1"',
  '"410"',
  '"041"',
  '"0041"',
  '"41x"',
  '"x41"',
  '"41.0"',
  '"+41"',
  '"-41"',
  '"4e1"',
  '"0x29"',
  '"41,"',
  '"\u0664\u0661"',
  '""',
  '"0"',
  '"null"',
  '"NaN"',
  '"9007199254740993"',
  '"99999999999999999999999999"',
  '"18446744073709551657"',
  'W/"41"',
  'W/"41", W/"42"',
  '"40", "42"',
  '"*"',
  '"W/"',
];

describeOnEachStore('412 revision_mismatch', (service) => {
  let made: Promise<{ user: User; task: TaskBody }> | undefined;
  /** A shared task of revision 41 for tests that do not change it. */
  const taskAtRevision41 = () => (made ??= createRevision41());
  const createRevision41 = async () => {
    const user = await service().user();
    await inBatches(10, numbers(40), () => kept(user));
    return { user, task: await kept(user) };
  };

  it('given refused writes: no revision is taken', async () => {
    const user = await service().user();
    const task = await kept(user);
    for (const request of conditionalWrites)
      await perform(user, user.lists.own, request, task.id, { headers: { 'If-Match': '"9"' } });
    expect((await kept(user)).revision).to.equal(2);
  });

  for (const request of conditionalWrites) {
    for (const header of matching) {
      it(`given ${request.name} with the matching If-Match: ${header}: ${request.status}`, async () => {
        for (const scheme of urlSchemes) {
          const user = await service().user();
          const { id, revision } = await kept(user);
          const options = { headers: { 'If-Match': header.replaceAll('41', String(revision)) } };
          const answer = await perform(user, user.lists[scheme], request, id, options);
          expect(answer.status, answer.text).to.equal(request.status);
        }
      });
    }

    for (const header of others) {
      it(`given ${request.name} with If-Match: ${header}: 412, nothing written`, async () => {
        const { user, task } = await taskAtRevision41();
        for (const scheme of urlSchemes) {
          const options = { headers: { 'If-Match': Buffer.from(header).toString('latin1') } };
          const answer = await perform(user, user.lists[scheme], request, task.id, options);
          expect(answer.status, answer.text).to.equal(412);
          expect(problemOf(answer)).to.deep.include({ code: 'revision_mismatch', current: task });
          expect(taskOf(await user.get(`${user.lists[scheme]}/${task.id}`))).to.deep.equal(task);
        }
      });
    }

    it(`given ${request.name} 20 times at once with the same ETag: one succeeds`, async () => {
      const user = await service().user();
      const task = await kept(user);
      const options = { headers: { 'If-Match': `"${task.revision}"` } };
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => perform(user, user.lists.own, request, task.id, options)),
      );
      const succeeded = answers.filter(({ status }) => status === request.status);
      const refused = answers.filter(({ status }) => status === (request.name === 'delete' ? 404 : 412));
      expect(succeeded).to.have.length(1);
      expect(refused.length + succeeded.length).to.equal(20);
    });

    it(`given ${request.name} with the ETag before the last write: 412; with the last ETag: ${request.status}`, async () => {
      const user = await service().user();
      const first = await kept(user);
      const target = `${user.lists.own}/${first.id}`;
      const got = await user.get(target);
      const put = await user.put(
        target,
        { title: 'x' },
        { headers: { 'If-Match': got.headers['etag'] ?? '' } },
      );
      expect(put.status).to.equal(200);
      const stale = { headers: { 'If-Match': got.headers['etag'] ?? '' } };
      expect((await perform(user, user.lists.own, request, first.id, stale)).status).to.equal(412);
      const options = { headers: { 'If-Match': put.headers['etag'] ?? '' } };
      expect((await perform(user, user.lists.own, request, first.id, options)).status).to.equal(
        request.status,
      );
    });

    it(`given ${request.name} without If-Match: ${request.status}`, async () => {
      const user = await service().user();
      const task = await kept(user);
      expect((await perform(user, user.lists.own, request, task.id)).status).to.equal(request.status);
    });
  }

  it('given 412: current is the stored task, and a write with its revision succeeds', async () => {
    const user = await service().user();
    const { id, revision } = await kept(user);
    const target = `${user.lists.own}/${id}`;
    const first = taskOf(await user.put(target, { title: 'First' }));
    const ifMatch = (seen: number) => ({ headers: { 'If-Match': `"${seen}"` } });
    const { current } = problemOf(await user.put(target, { title: 'Second' }, ifMatch(revision)));
    expect(current).to.deep.equal(first);
    const second = await user.put(target, { title: 'Second' }, ifMatch(current?.revision ?? 0));
    expect(taskOf(second)).to.include({ title: 'Second', revision: first.revision + 1 });
  });

  it('given an invalid body and another revision: 422 or 400', async () => {
    const user = await service().user();
    const task = await kept(user);
    const options = { headers: { 'If-Match': '"99"' } };
    expect((await user.put(`${user.lists.own}/${task.id}`, { title: '' }, options)).status).to.equal(422);
    expect((await user.put(`${user.lists.own}/${task.id}`, [], options)).status).to.equal(400);
  });

  it('given two If-Match fields: read as one list', async () => {
    const user = await service().user();
    const task = await kept(user);
    const headers = { 'If-Match': ['"99"', `"${task.revision}"`] };
    expect((await user.put(`${user.lists.own}/${task.id}`, { title: 'x' }, { headers })).status).to.equal(
      200,
    );
  });
});
