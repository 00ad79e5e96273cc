import { expect } from 'chai';
import { problemOf, tasksOf } from '../../support/http/response-schemas.ts';
import { describeOnEachStore, urlSchemes } from '../../support/http/suites.ts';
import { kept } from '../../support/tasks/task-requests.ts';

describeOnEachStore('204 delete', (service) => {
  for (const scheme of urlSchemes) {
    it(`given a task: deleted, no body (${scheme} URL scheme)`, async () => {
      const user = await service().user();
      const [task, other] = [await kept(user), await kept(user)];
      const answer = await user.delete(`${user.lists[scheme]}/${task.id}`);
      expect(answer.status).to.equal(204);
      expect(answer.headers).not.to.have.any.keys(
        'content-type',
        'content-length',
        'etag',
        'transfer-encoding',
      );
      expect(answer.headers['cache-control']).to.equal('private, no-cache');
      expect(answer.headers['vary'])
        .to.match(/\bOrigin\b/)
        .and.to.match(/\bAuthorization\b/);
      expect((await user.get(`${user.lists[scheme]}/${task.id}`)).status).to.equal(404);
      expect(tasksOf(await user.get(user.lists[scheme]))).to.deep.equal([other]);
    });

    it(`given a deleted task: 404 (${scheme} URL scheme)`, async () => {
      const user = await service().user();
      const task = await kept(user);
      await user.delete(`${user.lists[scheme]}/${task.id}/`);
      const answer = await user.delete(`${user.lists[scheme]}/${task.id}`);
      expect(answer.status).to.equal(404);
      expect(problemOf(answer).code).to.equal('task_not_found');
    });

    it(`given 20 concurrent deletes: one 204, the others 404 (${scheme} URL scheme)`, async () => {
      const user = await service().user();
      const task = await kept(user);
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => user.delete(`${user.lists[scheme]}/${task.id}`)),
      );
      const statuses = answers.map(({ status }) => status).sort();
      expect(statuses).to.deep.equal([204, ...Array.from({ length: 19 }, () => 404)]);
    });

    it(`given a JSON content type without a body, or a body: ignored (${scheme} URL scheme)`, async () => {
      const json = { 'Content-Type': 'application/json' };
      const user = await service().user();
      for (const options of [
        { headers: json },
        { headers: json, body: '' },
        { headers: json, body: '{' },
        { body: 'x' },
      ]) {
        const task = await kept(user);
        expect((await user.delete(`${user.lists[scheme]}/${task.id}`, options)).status).to.equal(204);
      }
    });
  }
});
