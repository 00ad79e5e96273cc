import { expect } from 'chai';
import { tasksOf } from '../../../support/http/response-schemas.ts';
import { describeOnEachStore, urlSchemes } from '../../../support/http/suites.ts';
import { kept } from '../../../support/tasks/task-requests.ts';

describeOnEachStore('200 list', (service) => {
  for (const scheme of urlSchemes) {
    describe(`${scheme} URL scheme`, () => {
      it('given a user without tasks: []', async () => {
        const user = await service().user();
        const answer = await user.get(user.lists[scheme]);
        expect(answer.status).to.equal(200);
        expect(answer.text).to.equal('[]');
        expect(answer.headers).not.to.have.property('link');
      });

      it('given 20 tasks: ordered by created_at, then id, both descending', async () => {
        const user = await service().user();
        for (let n = 0; n < 20; n += 1) await kept(user, { title: `Task ${n}` });
        const tasks = tasksOf(await user.get(user.lists[scheme]));
        expect(tasks.map(({ title }) => title)).to.deep.equal(
          Array.from({ length: 20 }, (_, n) => `Task ${19 - n}`),
        );
        const sorted = [...tasks].sort((a, b) =>
          `${a.created_at} ${a.id}` < `${b.created_at} ${b.id}` ? 1 : -1,
        );
        expect(tasks).to.deep.equal(sorted);
      });

      it('given a task: the same JSON as for the single task', async () => {
        const user = await service().user();
        const task = await kept(user, { description: 'Two litres', completed: true });
        const [listed] = tasksOf(await user.get(user.lists[scheme]));
        expect(listed).to.deep.equal(task);
      });

      it('given a changed task: the same order', async () => {
        const user = await service().user();
        const first = await kept(user);
        await kept(user);
        const before = tasksOf(await user.get(user.lists[scheme])).map(({ id }) => id);
        await user.patch(`${user.lists.own}/${first.id}/complete`);
        expect(tasksOf(await user.get(user.lists[scheme])).map(({ id }) => id)).to.deep.equal(before);
      });

      const filters: readonly (readonly [query: string, titles: readonly string[]])[] = [
        ['', ['open', 'done']],
        ['?', ['open', 'done']],
        ['?status=all', ['open', 'done']],
        ['?status=pending', ['open']],
        ['?status=completed', ['done']],
        ['?completed=true', ['done']],
        ['?completed=false', ['open']],
        ['?status=completed&completed=true', ['done']],
        ['?status=pending&completed=false', ['open']],
        ['?status=all&completed=true', ['done']],
        ['?status=all&completed=false', ['open']],
        ['?limit=1000', ['open', 'done']],
        ['?limit=2', ['open', 'done']],
        ['?limit=1', ['open']],
        ['?limit=007', ['open', 'done']],
        ['?limit=0001', ['open']],
        ['?limit=1&status=completed', ['done']],
        ['?%73tatus=p%65nding', ['open']],
        ['?user_id=somebody', ['open', 'done']],
        ['?Status=nonsense', ['open', 'done']],
        ['?Page=2&start=1&sortBy=title&text=x&filter=y', ['open', 'done']],
        ['?unknown=1&unknown=2', ['open', 'done']],
        ['?status[]=pending', ['open', 'done']],
        ['?__proto__=1&constructor=2', ['open', 'done']],
        ['?&&&', ['open', 'done']],
        ['?token=abc', ['open', 'done']],
      ];
      for (const [query, titles] of filters) {
        it(`given ${query === '' ? 'no query' : query}: ${titles.join(', ')}`, async () => {
          const user = await service().user();
          await kept(user, { title: 'done', completed: true });
          await kept(user, { title: 'open' });
          const answer = await user.get(user.lists[scheme] + query);
          expect(answer.status, answer.text).to.equal(200);
          expect(tasksOf(answer).map(({ title }) => title)).to.deep.equal(titles);
        });
      }

      it('given a list: Cache-Control: private, no-cache, Vary: Origin, Authorization, and a weak ETag', async () => {
        const user = await service().user();
        const { headers } = await user.get(user.lists[scheme]);
        expect(headers['cache-control']).to.equal('private, no-cache');
        expect(headers['vary'])
          .to.match(/\bOrigin\b/)
          .and.to.match(/\bAuthorization\b/);
        expect(headers['content-type']).to.equal('application/json; charset=utf-8');
        expect(headers['etag']).to.match(/^W\/"[^"]+"$/);
      });
    });
  }

  it('given both URL schemes: the same body', async () => {
    const user = await service().user();
    await kept(user);
    await kept(user, { completed: true });
    const [own, named] = [await user.get(user.lists.own), await user.get(user.lists.named)];
    expect(named.text).to.equal(own.text);
  });
});
