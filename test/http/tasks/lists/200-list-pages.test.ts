import { expect } from 'chai';
import { inBatches, numbers } from '../../../support/in-batches.ts';
import { tasksOf, type TaskBody } from '../../../support/http/response-schemas.ts';
import { describeOnEachStore, urlSchemes } from '../../../support/http/suites.ts';
import { allPages, linksOf, nextParametersOf } from '../../../support/tasks/list-answers.ts';
import { kept } from '../../../support/tasks/task-requests.ts';

describeOnEachStore('200 list, pages', (service) => {
  const sizes: readonly (readonly [count: number, limit: number, pages: readonly number[]])[] = [
    [0, 1, [0]],
    [1, 1, [1]],
    [2, 1, [1, 1]],
    [5, 2, [2, 2, 1]],
    [6, 2, [2, 2, 2]],
    [6, 6, [6]],
    [7, 6, [6, 1]],
    [3, 1000, [3]],
  ];
  for (const scheme of urlSchemes) {
    for (const [count, limit, expected] of sizes) {
      it(`given ${count} tasks and limit=${limit}: pages of ${expected.join(', ')} (${scheme} URL scheme)`, async () => {
        const user = await service().user();
        for (let n = 0; n < count; n += 1) await kept(user, { title: `Task ${n}` });
        const pages = await allPages(user, `${user.lists[scheme]}?limit=${limit}`);
        expect(pages.map(({ length }) => length)).to.deep.equal(expected);
        expect(pages.flat()).to.deep.equal(tasksOf(await user.get(user.lists[scheme])));
      });
    }

    for (const [query, wanted] of [
      ['status=pending', false],
      ['completed=false', false],
      ['status=completed', true],
      ['completed=true', true],
      ['status=completed&completed=true', true],
    ] as const) {
      it(`given ${query}: every page is filtered (${scheme} URL scheme)`, async () => {
        const user = await service().user();
        for (let n = 0; n < 9; n += 1) await kept(user, { completed: n % 2 === 0 });
        const tasks = (await allPages(user, `${user.lists[scheme]}?${query}&limit=2`)).flat();
        const all = tasksOf(await user.get(user.lists[scheme]));
        expect(tasks).to.deep.equal(all.filter(({ completed }) => completed === wanted));
      });
    }

    it(`given a page: its link is in the same URL scheme, for the same user (${scheme} URL scheme)`, async () => {
      const user = await service().user('Zoë/1 %');
      await kept(user);
      await kept(user);
      const { next = '' } = linksOf(await user.get(`${user.lists[scheme]}?limit=1`));
      expect(next.startsWith(`${user.lists[scheme]}?`), next).to.be.true;
      expect((await user.get(next)).status).to.equal(200);
    });
  }

  it('given another limit on each page: all tasks in order', async () => {
    const user = await service().user();
    for (let n = 0; n < 10; n += 1) await kept(user);
    const all = tasksOf(await user.get(user.lists.own));
    const seen: TaskBody[] = [];
    let cursor = '';
    for (const limit of [1, 4, 2, 1000]) {
      const answer = await user.get(`${user.lists.own}?limit=${limit}${cursor && `&cursor=${cursor}`}`);
      seen.push(...tasksOf(answer));
      cursor = nextParametersOf(answer)['cursor'] ?? '';
    }
    expect(seen).to.deep.equal(all);
    expect(cursor).to.equal('');
  });

  it('given a cursor without a limit, or with an equivalent filter: 200', async () => {
    const user = await service().user();
    for (let n = 0; n < 4; n += 1) await kept(user, { completed: true });
    const first = await user.get(`${user.lists.own}?status=completed&limit=1`);
    const { cursor = '' } = nextParametersOf(first);
    for (const query of ['status=completed', 'completed=true', 'status=all&completed=true']) {
      const answer = await user.get(`${user.lists.own}?${query}&cursor=${cursor}`);
      expect(tasksOf(answer), query).to.have.length(3);
    }
  });

  it('given a cursor of the other URL scheme: the same page', async () => {
    const user = await service().user();
    for (let n = 0; n < 3; n += 1) await kept(user);
    const { next = '' } = linksOf(await user.get(`${user.lists.own}?limit=1`));
    const there = await user.get(next);
    const here = await user.get(next.replace(user.lists.own, user.lists.named));
    expect(here.text).to.equal(there.text);
  });

  it('given tasks created, deleted and changed meanwhile: no remaining task is skipped or repeated', async () => {
    const user = await service().user();
    const tasks: TaskBody[] = [];
    for (let n = 0; n < 12; n += 1) tasks.push(await kept(user));
    const deleted = new Set([tasks[10]?.id, tasks[9]?.id, tasks[3]?.id]);
    const seen: string[] = [];
    let round = 0;
    for (let target: string | undefined = `${user.lists.own}?limit=3`; target !== undefined; round += 1) {
      const answer = await user.get(target);
      seen.push(...tasksOf(answer).map(({ id }) => id));
      target = linksOf(answer)['next'];
      await kept(user, { title: 'came meanwhile' });
      await user.delete(`${user.lists.own}/${[...deleted][round] ?? ''}`);
      await user.patch(`${user.lists.own}/${tasks[round]?.id ?? ''}/complete`);
    }
    const remaining = tasks.filter(({ id }) => !deleted.has(id)).map(({ id }) => id);
    expect(new Set(seen).size).to.equal(seen.length);
    expect(seen).to.include.members(remaining);
  });

  it('given a cursor at a deleted task: the tasks after it', async () => {
    const user = await service().user();
    for (let n = 0; n < 3; n += 1) await kept(user);
    const [newest, second] = tasksOf(await user.get(user.lists.own));
    const page = await user.get(`${user.lists.own}?limit=1`);
    await user.delete(`${user.lists.own}/${newest?.id ?? ''}`);
    expect(tasksOf(await user.get(linksOf(page)['next'] ?? ''))).to.deep.equal([second]);
  });

  it('given a cursor of another user: only own tasks', async () => {
    const [anna, ben] = [await service().user(), await service().user()];
    const before = await kept(ben);
    await kept(anna);
    await kept(anna);
    await kept(ben);
    const { next = '' } = linksOf(await anna.get(`${anna.lists.own}?limit=1`));
    expect(tasksOf(await ben.get(next))).to.deep.equal([before]);
  });

  it('given a simple list: the link has the cursor, status and limit alone', async () => {
    const user = await service().user();
    await kept(user);
    await kept(user);
    const { next = '' } = linksOf(await user.get(`${user.lists.own}?limit=1&token=secret&completed=false`));
    expect(next.replace(/cursor=[\w-]+/, 'cursor=…')).to.equal('/api/tasks?cursor=…&status=pending&limit=1');
  });

  it('given every other parameter: the link repeats it under its first name', async () => {
    const user = await service().user();
    const tags = ['a b', 'é&=#"<>+%'];
    for (let n = 0; n < 3; n += 1)
      await kept(user, { title: `Tea & "bread" ${n}`, tags, due_date: '2026-11-30', priority: 'high' });
    const query = new URLSearchParams({
      priority: 'high,low',
      tag: 'a b',
      tags: tags.join(),
      due_after: '2026-11-30T01:00+01:00',
      due_before: '2026-12-01',
      q: ' TEA & "',
      sort: 'due',
      order: 'desc',
      per_page: '1',
      count: 'true',
    });
    const first = await user.get(`${user.lists.own}?${query.toString()}`);
    const { cursor, ...repeated } = nextParametersOf(first);
    const {
      q: search,
      sort: sort_by,
      order: sort_order,
      per_page: limit,
      ...others
    } = Object.fromEntries(query);
    expect(repeated).to.deep.equal({ ...others, search, sort_by, sort_order, limit, status: 'all' });
    expect(cursor).to.be.a('string');
    const pages = await allPages(user, linksOf(first)['next'] ?? '');
    expect(pages.map(({ length }) => length)).to.deep.equal([1, 1]);
    expect((await user.get(linksOf(first)['next'] ?? '')).headers['x-total-count']).to.equal('3');
  });

  it('given 1,001 tasks and no limit: a page of 1,000 with a link to the rest', async function () {
    this.timeout(60_000);
    const user = await service().user();
    await inBatches(20, numbers(1001), () => kept(user));
    const pages = await allPages(user, user.lists.own);
    expect(pages.map(({ length }) => length)).to.deep.equal([1000, 1]);
    expect(new Set(pages.flat().map(({ id }) => id)).size).to.equal(1001);
  });
});
