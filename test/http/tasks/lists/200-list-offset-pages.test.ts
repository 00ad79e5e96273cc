import { expect } from 'chai';
import { describeOnEachStore, urlSchemes } from '../../../support/http/suites.ts';
import { allPages, linksOf, titlesOf } from '../../../support/tasks/list-answers.ts';
import { kept } from '../../../support/tasks/task-requests.ts';
import { userId } from '../../../support/tasks/tasks.ts';
import type { User } from '../../../support/http/service.ts';

/** Seven tasks; the newest, which lists show first, is 7. */
const withSeven = async (user: User): Promise<User> => {
  for (let n = 1; n <= 7; n += 1) await kept(user, { title: `${n}`, completed: n % 2 === 0 });
  return user;
};

interface Expected {
  readonly titles: string;
  readonly next?: string;
  readonly prev?: string;
  readonly first: string;
}

const pages: readonly (readonly [query: string, expected: Expected])[] = [
  ['offset=0', { titles: '7654321', first: 'offset=0' }],
  ['offset=0&limit=7', { titles: '7654321', first: 'offset=0' }],
  ['offset=0&limit=3', { titles: '765', next: 'offset=3', first: 'offset=0' }],
  ['offset=3&limit=3', { titles: '432', next: 'offset=6', prev: 'offset=0', first: 'offset=0' }],
  ['offset=6&limit=3', { titles: '1', prev: 'offset=3', first: 'offset=0' }],
  ['offset=4&limit=3', { titles: '321', prev: 'offset=1', first: 'offset=0' }],
  ['offset=2&limit=3', { titles: '543', next: 'offset=5', prev: 'offset=0', first: 'offset=0' }],
  ['skip=5&page_size=1', { titles: '2', next: 'offset=6', prev: 'offset=4', first: 'offset=0' }],
  ['offset=7&limit=3', { titles: '', prev: 'offset=4', first: 'offset=0' }],
  ['offset=0001&limit=1', { titles: '6', next: 'offset=2', prev: 'offset=0', first: 'offset=0' }],
  ['offset=100000&limit=1', { titles: '', prev: 'offset=99999', first: 'offset=0' }],
  ['page=1', { titles: '7654321', first: 'page=1' }],
  ['page=1&limit=3', { titles: '765', next: 'page=2', first: 'page=1' }],
  ['page=2&per_page=3', { titles: '432', next: 'page=3', prev: 'page=1', first: 'page=1' }],
  ['page=3&page_size=3', { titles: '1', prev: 'page=2', first: 'page=1' }],
  ['page=4&limit=3', { titles: '', prev: 'page=3', first: 'page=1' }],
  ['page=2', { titles: '', prev: 'page=1', first: 'page=1' }],
  ['page=100000&limit=1000', { titles: '', prev: 'page=99999', first: 'page=1' }],
  ['page=2&limit=2&status=completed', { titles: '2', prev: 'page=1', first: 'page=1' }],
  ['page=2&limit=2&sort=title', { titles: '34', next: 'page=3', prev: 'page=1', first: 'page=1' }],
  ['offset=1&limit=2&q=7', { titles: '', prev: 'offset=0', first: 'offset=0' }],
];

/** The first parameter of each link; the other ones repeat the list. */
const positionsOf = (links: Readonly<Record<string, string>>): object =>
  Object.fromEntries(
    Object.entries(links).map(([relation, target]) => [relation, /\?([^&]*)/.exec(target)?.[1]]),
  );

describeOnEachStore('200 list, pages by number', (service) => {
  for (const scheme of urlSchemes)
    for (const [query, { titles, ...positions }] of pages)
      it(`given ?${query} of seven tasks: ${titles || 'no task'} (${scheme} URL scheme)`, async () => {
        const user = await withSeven(await service().user());
        const answer = await user.get(`${user.lists[scheme]}?${query}`);
        expect(titlesOf(answer).join('')).to.equal(titles);
        expect(positionsOf(linksOf(answer))).to.deep.equal(positions);
      });

  for (const scheme of urlSchemes)
    it(`given links: they lead through the list and back, with its other parameters (${scheme} URL scheme)`, async () => {
      const user = await withSeven(await service().user(`${userId('Zoë/')} %`));
      for (const start of ['page=1', 'skip=0']) {
        const query = `${start}&per_page=2&sort=title&order=desc&priority=medium&completed=false`;
        const list = await allPages(user, `${user.lists[scheme]}?${query}`);
        expect(list.map((page) => page.map(({ title }) => title).join(''))).to.deep.equal(['75', '31']);
        const first = await user.get(`${user.lists[scheme]}?${query}`);
        const last = await user.get(linksOf(first)['next'] ?? '');
        for (const relation of ['prev', 'first']) {
          const target = linksOf(last)[relation] ?? '';
          expect(target.startsWith(`${user.lists[scheme]}?`), target).to.be.true;
          expect((await user.get(target)).text, relation).to.equal(first.text);
        }
      }
    });

  it('given no cursor, offset or page: no link but next', async () => {
    const user = await withSeven(await service().user());
    expect(Object.keys(linksOf(await user.get(`${user.lists.own}?limit=2`)))).to.deep.equal(['next']);
    expect(linksOf(await user.get(user.lists.own))).to.deep.equal({});
  });
});
