import { expect } from 'chai';
import { idsOf, problemOf, taskOf, tasksOf, trashOf } from '../../../support/http/response-schemas.ts';
import { describeOnEachStore, urlSchemes } from '../../../support/http/suites.ts';
import { everyField, kept } from '../../../support/tasks/task-requests.ts';
import { tokenFor } from '../../../support/tokens/tokens.ts';

describeOnEachStore('200 restore', (service) => {
  /** A task with every field, in the trash with revision 2. */
  const setUp = async () => {
    const user = await service().user();
    const task = await kept(user, everyField);
    await user.delete(`${user.lists.own}/${task.id}`);
    return { user, task };
  };

  for (const scheme of urlSchemes) {
    it(`given a task in the trash: back as it was, with a new revision and updated_at (${scheme} URL scheme)`, async () => {
      const { user, task } = await setUp();
      const answer = await user.send('POST', `${user.lists[scheme]}/${task.id}/restore`);
      expect(answer.status).to.equal(200);
      const restored = taskOf(answer);
      expect(restored).to.deep.equal({ ...task, revision: 3, updated_at: restored.updated_at });
      expect(restored.updated_at >= task.updated_at).to.be.true;
      expect(answer.headers['etag']).to.equal('"3"');
      expect(taskOf(await user.get(`${user.lists[scheme]}/${task.id}`))).to.deep.equal(restored);
      expect(
        tasksOf(await user.get(`${user.lists[scheme]}?search=bread&tag=home&due_after=2026-11-30`)),
      ).to.deep.equal([restored]);
      expect((await user.get(`${user.lists[scheme]}/trash`)).text).to.equal('[]');
    });

    it(`given a task that is not in the trash any more: 404 (${scheme} URL scheme)`, async () => {
      const { user, task } = await setUp();
      const target = `${user.lists[scheme]}/${task.id}/restore`;
      await user.send('POST', target);
      const answer = await user.send('POST', target);
      expect(answer.status).to.equal(404);
      expect(problemOf(answer).code).to.equal('task_not_found');
    });

    it(`given any body or content type: ignored (${scheme} URL scheme)`, async () => {
      for (const options of [
        { body: '{' },
        { body: 'x', headers: { 'Content-Type': 'text/plain' } },
        { body: '', headers: { 'Content-Type': 'application/json' } },
        { json: { title: 'Other', revision: 1, completed: false } },
      ]) {
        const { user, task } = await setUp();
        const answer = await user.send('POST', `${user.lists[scheme]}/${task.id}/restore`, options);
        expect(taskOf(answer)).to.include({ title: task.title, completed: task.completed });
      }
    });

    for (const header of ['"2"', '*', '"1", "2"', 'W/"2", "2"'])
      it(`given If-Match: ${header}, which names the revision in the trash: 200 (${scheme} URL scheme)`, async () => {
        const { user, task } = await setUp();
        const options = { headers: { 'If-Match': header } };
        const answer = await user.send('POST', `${user.lists[scheme]}/${task.id}/restore`, options);
        expect(answer.status).to.equal(200);
      });

    for (const header of ['"1"', 'W/"2"', '"3"', '"02"', '""'])
      it(`given If-Match: ${header}: 412 with the task in the trash, which stays there (${scheme} URL scheme)`, async () => {
        const { user, task } = await setUp();
        const options = { headers: { 'If-Match': header } };
        const answer = await user.send('POST', `${user.lists[scheme]}/${task.id}/restore`, options);
        expect(answer.status).to.equal(412);
        expect(problemOf(answer)).to.deep.include({
          code: 'revision_mismatch',
          current: { ...task, revision: 2 },
        });
        expect(idsOf(await user.get(`${user.lists[scheme]}/trash`))).to.deep.equal([task.id]);
        expect((await kept(user)).revision).to.equal(3);
      });

    it(`given If-Match that is no entity tag: 400 (${scheme} URL scheme)`, async () => {
      const { user, task } = await setUp();
      const options = { headers: { 'If-Match': 'x' } };
      const answer = await user.send('POST', `${user.lists[scheme]}/${task.id}/restore`, options);
      expect(answer.status).to.equal(400);
    });
  }

  it('given 20 concurrent restorations with one ETag: one 200, the others 404', async () => {
    const { user, task } = await setUp();
    const options = { headers: { 'If-Match': '"2"' } };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => user.send('POST', `${user.lists.own}/${task.id}/restore`, options)),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).to.deep.equal([200, ...Array.from({ length: 19 }, () => 404)]);
  });

  it('given a restored task that is deleted again: in the trash, with the new revision', async () => {
    const { user, task } = await setUp();
    await user.send('POST', `${user.lists.own}/${task.id}/restore`);
    await user.delete(`${user.lists.own}/${task.id}`);
    const [trashed] = trashOf(await user.get(`${user.lists.own}/trash`));
    expect(trashed).to.include({ id: task.id, revision: 4 });
  });

  it('given a token with an email: stored, as by every write', async () => {
    const { user, task } = await setUp();
    const headers = { Authorization: `Bearer ${await tokenFor(user.id, { email: 'a@example.org' })}` };
    await user.send('POST', `${user.lists.own}/${task.id}/restore`, { headers });
    expect(JSON.parse((await user.get('/api/me')).text)).to.include({ email: 'a@example.org' });
  });
});
