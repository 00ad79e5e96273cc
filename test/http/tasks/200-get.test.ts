import { expect } from 'chai';
import { taskOf } from '../../support/http/response-schemas.ts';
import { describeOnEachStore, urlSchemes } from '../../support/http/suites.ts';
import { kept } from '../../support/tasks/task-requests.ts';

describeOnEachStore('200 get', (service) => {
  for (const scheme of urlSchemes) {
    it(`given a task: its JSON, and its revision as ETag (${scheme} URL scheme)`, async () => {
      const user = await service().user();
      const task = await kept(user, { description: 'Two litres' });
      const answer = await user.get(`${user.lists[scheme]}/${task.id}`);
      expect(answer.status).to.equal(200);
      expect(taskOf(answer)).to.deep.equal(task);
      expect(answer.headers['etag']).to.equal(`"${task.revision}"`);
      expect(answer.headers['content-type']).to.equal('application/json; charset=utf-8');
      expect(answer.headers['cache-control']).to.equal('private, no-cache');
      expect(answer.headers['vary'])
        .to.match(/\bOrigin\b/)
        .and.to.match(/\bAuthorization\b/);
    });

    for (const spelling of ['a trailing slash', 'a query', 'an escaped letter', 'an escaped hyphen']) {
      it(`given ${spelling}: 200 (${scheme} URL scheme)`, async () => {
        const user = await service().user();
        const task = await kept(user);
        const target = `${user.lists[scheme]}/${task.id}`;
        const spellings: Readonly<Record<string, string>> = {
          'a trailing slash': `${target}/`,
          'a query': `${target}?a=b&status=nonsense&limit=x`,
          'an escaped letter': target.replace('/tasks', '/%74asks'),
          'an escaped hyphen': `${user.lists[scheme]}/${task.id.replace('-', '%2D')}`,
        };
        const answer = await user.get(spellings[spelling] ?? '');
        expect(answer.status, answer.text).to.equal(200);
        expect(taskOf(answer)).to.deep.equal(task);
      });
    }

    it(`given a JSON content type without a body, or a body: ignored (${scheme} URL scheme)`, async () => {
      const user = await service().user();
      const task = await kept(user);
      const target = `${user.lists[scheme]}/${task.id}`;
      const json = { 'Content-Type': 'application/json' };
      for (const options of [
        { headers: json },
        { headers: json, body: '' },
        { headers: json, body: '{' },
        { body: 'x' },
      ]) {
        for (const path of [target, user.lists[scheme]]) {
          const answer = await user.get(path, options);
          expect(answer.status, answer.text).to.equal(200);
        }
      }
    });
  }
});
