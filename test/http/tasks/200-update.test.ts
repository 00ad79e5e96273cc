import { expect } from 'chai';
import { taskOf } from '../../support/http/response-schemas.ts';
import { describeOnEachStore, urlSchemes } from '../../support/http/suites.ts';
import { kept } from '../../support/tasks/task-requests.ts';

describeOnEachStore('200 update', (service) => {
  for (const scheme of urlSchemes) {
    for (const method of ['PUT', 'PATCH']) {
      describe(`${method}, ${scheme} URL scheme`, () => {
        const changes: readonly (readonly [what: string, json: object, result: object])[] = [
          ['a title', { title: 'Bread' }, { title: 'Bread' }],
          ['a title to be trimmed', { title: '\u00a0\ufeff Bread\n' }, { title: 'Bread' }],
          ['a description', { description: 'Three' }, { description: 'Three' }],
          ['an empty description', { description: '' }, { description: '' }],
          ['a description of blanks, kept as sent', { description: ' \n ' }, { description: ' \n ' }],
          ['no description', { description: null }, { description: null }],
          ['completed', { completed: true }, { completed: true }],
          ['not completed', { completed: false }, { completed: false }],
          [
            'all members',
            { title: 'B', description: null, completed: true },
            { title: 'B', description: null, completed: true },
          ],
          ['the values that it has', { title: 'Buy milk', description: 'Two litres', completed: false }, {}],
        ];
        for (const [what, json, result] of changes) {
          it(`given ${what}: changed, the other members kept`, async () => {
            const user = await service().user();
            const task = await kept(user, { description: 'Two litres' });
            const answer = await user.send(method, `${user.lists[scheme]}/${task.id}`, { json });
            expect(answer.status, answer.text).to.equal(200);
            const changed = taskOf(answer);
            expect(changed).to.deep.equal({
              ...task,
              ...result,
              revision: task.revision + 1,
              updated_at: changed.updated_at,
            });
            expect(changed.updated_at >= task.updated_at).to.be.true;
            expect(answer.headers['etag']).to.equal(`"${changed.revision}"`);
            expect(answer.headers['cache-control']).to.equal('private, no-cache');
            expect(answer.headers['vary'])
              .to.match(/\bOrigin\b/)
              .and.to.match(/\bAuthorization\b/);
            expect(taskOf(await user.get(`${user.lists[scheme]}/${task.id}`))).to.deep.equal(changed);
          });
        }

        it('given members that clients cannot set: ignored', async () => {
          const user = await service().user();
          const task = await kept(user);
          const json = {
            title: 'Bread',
            id: '0199f0c2-7a51-7cc4-b1de-93d5e1a3c0aa',
            user_id: 'somebody',
            owner: 'somebody',
            created_at: '2000-01-01T00:00:00.000Z',
            updated_at: '2000-01-01T00:00:00.000Z',
            revision: 99,
            nonsense: { deep: [1] },
          };
          const changed = taskOf(await user.send(method, `${user.lists[scheme]}/${task.id}`, { json }));
          expect(changed).to.deep.equal({
            ...task,
            title: 'Bread',
            revision: task.revision + 1,
            updated_at: changed.updated_at,
          });
        });

        it('given duplicate members: the last one counts', async () => {
          const user = await service().user();
          const task = await kept(user);
          const answer = await user.send(method, `${user.lists[scheme]}/${task.id}/`, {
            headers: { 'Content-Type': 'application/json' },
            body: '{"title":"","completed":null,"title":"Last","completed":true}',
          });
          expect(taskOf(answer)).to.include({ title: 'Last', completed: true });
        });
      });
    }
  }
});
