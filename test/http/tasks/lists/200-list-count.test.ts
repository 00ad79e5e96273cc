import { expect } from 'chai';
import { describeOnEachStore, urlSchemes } from '../../../support/http/suites.ts';
import { linksOf, titlesOf } from '../../../support/tasks/list-answers.ts';
import { kept } from '../../../support/tasks/task-requests.ts';
import type { User } from '../../../support/http/service.ts';

const withFive = async (user: User): Promise<User> => {
  for (let n = 1; n <= 5; n += 1)
    await kept(user, { title: `Task ${n}`, completed: n === 1, tags: n < 4 ? ['a'] : [] });
  return user;
};

const counts: readonly (readonly [query: string, count: number])[] = [
  ['', 5],
  ['limit=2', 5],
  ['limit=2&offset=4', 5],
  ['offset=9', 5],
  ['page=2&limit=3', 5],
  ['page=99', 5],
  ['status=pending', 4],
  ['completed=true', 1],
  ['tag=a&limit=1', 3],
  ['tags=a,b&status=pending', 2],
  ['search=task%203', 1],
  ['q=none', 0],
  ['sort=title&limit=1', 5],
  ['due_after=2026-11-30', 0],
  ['due_after=2026-11-30&due_before=2026-11-30', 0],
];

describeOnEachStore('200 list, count', (service) => {
  for (const scheme of urlSchemes)
    for (const [query, count] of counts)
      it(`given ?${query}&count=true of five tasks: X-Total-Count: ${count} (${scheme} URL scheme)`, async () => {
        const [user, other] = [await withFive(await service().user()), await service().user()];
        await withFive(other);
        const target = `${user.lists[scheme]}?${query}&count=true`;
        const { status, headers, text } = await user.get(target);
        expect([status, headers['x-total-count']]).to.deep.equal([200, String(count)]);
        expect((await user.head(target)).headers['x-total-count']).to.equal(String(count));
        const without = await user.get(`${user.lists[scheme]}?${query}`);
        expect(without.headers).not.to.have.property('x-total-count');
        expect(without.text).to.equal(text);
      });

  it('given count=false: no X-Total-Count', async () => {
    const user = await withFive(await service().user());
    const { status, headers } = await user.get(`${user.lists.own}?count=false`);
    expect(status).to.equal(200);
    expect(headers).not.to.have.property('x-total-count');
  });

  it('given a user without tasks: 0', async () => {
    const user = await service().user();
    const { headers } = await user.get(`${user.lists.own}?count=true`);
    expect(headers['x-total-count']).to.equal('0');
  });

  it('given following pages: the same count on each', async () => {
    const user = await withFive(await service().user());
    const first = await user.get(`${user.lists.own}?limit=3&count=true`);
    const second = await user.get(linksOf(first)['next'] ?? '');
    expect(titlesOf(second)).to.deep.equal(['Task 2', 'Task 1']);
    expect(second.headers['x-total-count']).to.equal('5');
  });

  it('given writes: the count follows, and the tag changes', async () => {
    const user = await withFive(await service().user());
    const target = `${user.lists.own}?count=true&status=pending&limit=1`;
    const before = await user.get(target);
    const { id } = await kept(user);
    const created = await user.get(target);
    await user.patch(`${user.lists.own}/${id}/complete`);
    const completed = await user.get(target);
    const answers = [before, created, completed];
    expect(answers.map(({ headers }) => headers['x-total-count'])).to.deep.equal(['4', '5', '4']);
    expect(new Set(answers.map(({ headers }) => headers['etag'])).size).to.equal(3);
  });

  it('given If-None-Match with the tag: 304 with the count', async () => {
    const user = await withFive(await service().user());
    const target = `${user.lists.own}?count=true&limit=2`;
    const { headers } = await user.get(target);
    const again = await user.get(target, { headers: { 'If-None-Match': headers['etag'] ?? '' } });
    expect([again.status, again.headers['x-total-count']]).to.deep.equal([304, '5']);
  });
});
