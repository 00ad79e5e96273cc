import { expect } from 'chai';
import { problemOf } from '../../../support/http/response-schemas.ts';
import { describeOnEachStore, urlSchemes } from '../../../support/http/suites.ts';
import { nextParametersOf } from '../../../support/tasks/list-answers.ts';
import { kept } from '../../../support/tasks/task-requests.ts';

const queries: readonly (readonly [query: string, fields: readonly string[]])[] = [
  ['status=', ['status']],
  ['status', ['status']],
  ['status=done', ['status']],
  ['status=open', ['status']],
  ['status=ALL', ['status']],
  ['status=Pending', ['status']],
  ['status=pending%20', ['status']],
  ['status=+pending', ['status']],
  ['status=all,pending', ['status']],
  ['status=true', ['status']],
  ['status=pending%00', ['status']],
  ['status=%F0%9F%98%80', ['status']],
  ['status=all&status=all', ['status']],
  ['status=pending&status=completed', ['status']],
  ['%73tatus=all&status=all', ['status']],
  ['completed=', ['completed']],
  ['completed', ['completed']],
  ['completed=TRUE', ['completed']],
  ['completed=True', ['completed']],
  ['completed=1', ['completed']],
  ['completed=0', ['completed']],
  ['completed=yes', ['completed']],
  ['completed=null', ['completed']],
  ['completed=all', ['completed']],
  ['completed=true&completed=true', ['completed']],
  ['completed=true&completed=false', ['completed']],
  ['limit=', ['limit']],
  ['limit', ['limit']],
  ['limit=0', ['limit']],
  ['limit=000', ['limit']],
  ['limit=1001', ['limit']],
  ['limit=10000000000000000000000', ['limit']],
  [`limit=${'9'.repeat(400)}`, ['limit']],
  ['limit=-1', ['limit']],
  ['limit=+5', ['limit']],
  ['limit=%2B5', ['limit']],
  ['limit=%205', ['limit']],
  ['limit=5%20', ['limit']],
  ['limit=5%0A', ['limit']],
  ['limit=5.0', ['limit']],
  ['limit=5,', ['limit']],
  ['limit=1e2', ['limit']],
  ['limit=0x10', ['limit']],
  ['limit=1_0', ['limit']],
  ['limit=NaN', ['limit']],
  ['limit=Infinity', ['limit']],
  ['limit=all', ['limit']],
  ['limit=%D9%A3', ['limit']],
  ['limit=%EF%BC%95', ['limit']],
  ['limit=5&limit=5', ['limit']],
  ['limit=5&limit=x', ['limit']],
  ['cursor=&cursor=', ['cursor']],
  ['status=pending&completed=true', ['completed']],
  ['status=completed&completed=false', ['completed']],
  ['status=x&completed=y&limit=z', ['status', 'completed', 'limit']],
  ['priority=', ['priority']],
  ['priority=urgent', ['priority']],
  ['priority=High', ['priority']],
  ['priority=1', ['priority']],
  ['priority=low,', ['priority']],
  ['priority=low,,high', ['priority']],
  ['priority=low,%20high', ['priority']],
  ['priority=low;high', ['priority']],
  ['priority=low&priority=high', ['priority']],
  ['tag=', ['tag']],
  ['tag=%20%09', ['tag']],
  ['tag=%00', ['tag']],
  [`tag=${'a'.repeat(51)}`, ['tag']],
  ['tag=a&tag=b', ['tag']],
  ['tags=', ['tags']],
  ['tags=,', ['tags']],
  ['tags=a,', ['tags']],
  ['tags=,a', ['tags']],
  ['tags=a,%20,b', ['tags']],
  ['tags=a,b%00', ['tags']],
  [`tags=a,${'b'.repeat(51)}`, ['tags']],
  [`tags=${','.repeat(5000)}`, ['tags']],
  ['tags=a&tags=b', ['tags']],
  ...['due_after', 'due_before'].flatMap((name): [string, string[]][] => [
    [`${name}=`, [name]],
    [`${name}=tomorrow`, [name]],
    [`${name}=2026-11`, [name]],
    [`${name}=2026-11-31`, [name]],
    [`${name}=2026-11-30T24:00Z`, [name]],
    [`${name}=2026-11-30T08:00:60Z`, [name]],
    [`${name}=2026-11-30T08:00+01:00`, [name]], // "+" is a space in a query
    [`${name}=2026-11-30%2008:00`, [name]],
    [`${name}=1969-12-31`, [name]],
    [`${name}=10000-01-01`, [name]],
    [`${name}=1795000000`, [name]],
    [`${name}=null`, [name]],
    [`${name}=2026-11-30&${name}=2026-11-30`, [name]],
  ]),
  ...['search', 'q'].flatMap((name): [string, string[]][] => [
    [`${name}=`, [name]],
    [name, [name]],
    [`${name}=%20%0A`, [name]],
    [`${name}=${'a'.repeat(201)}`, [name]],
    [`${name}=${'%F0%9F%A5%9B'.repeat(201)}`, [name]],
    [`${name}=a%00b`, [name]],
    [`${name}=a&${name}=a`, [name]],
  ]),
  ...['sort_by', 'sort'].flatMap((name): [string, string[]][] => [
    [`${name}=`, [name]],
    [`${name}=id`, [name]],
    [`${name}=Title`, [name]],
    [`${name}=-title`, [name]],
    [`${name}=title,priority`, [name]],
    [`${name}=__proto__`, [name]],
    [`${name}=constructor`, [name]],
    [`${name}=title&${name}=title`, [name]],
  ]),
  ...['sort_order', 'order'].flatMap((name): [string, string[]][] => [
    [`${name}=`, [name]],
    [`${name}=ASC`, [name]],
    [`${name}=descending`, [name]],
    [`${name}=-1`, [name]],
    [`${name}=asc&${name}=desc`, [name]],
  ]),
  ...['page_size', 'per_page'].flatMap((name): [string, string[]][] => [
    [`${name}=0`, [name]],
    [`${name}=1001`, [name]],
    [`${name}=ten`, [name]],
    [`${name}=5&${name}=5`, [name]],
  ]),
  ...['offset', 'skip'].flatMap((name): [string, string[]][] => [
    [`${name}=`, [name]],
    [`${name}=-1`, [name]],
    [`${name}=100001`, [name]],
    [`${name}=1.5`, [name]],
    [`${name}=1e3`, [name]],
    [`${name}=${'9'.repeat(400)}`, [name]],
    [`${name}=0&${name}=0`, [name]],
  ]),
  ['page=', ['page']],
  ['page=0', ['page']],
  ['page=-1', ['page']],
  ['page=100001', ['page']],
  ['page=first', ['page']],
  ['page=1&page=2', ['page']],
  ['count=', ['count']],
  ['count=1', ['count']],
  ['count=TRUE', ['count']],
  ['count=exact', ['count']],
  ['count=true&count=true', ['count']],
  ['search=a&q=a', ['q']],
  ['q=a&search=a', ['q']],
  ['q=&search=', ['q', 'search']],
  ['sort=title&sort_by=title', ['sort']],
  ['order=asc&sort_order=asc', ['order']],
  ['limit=5&page_size=5', ['page_size']],
  ['per_page=5&limit=5', ['per_page']],
  ['per_page=5&page_size=5', ['per_page']],
  ['limit=5&per_page=5&page_size=5', ['page_size', 'per_page']],
  ['skip=0&offset=0', ['skip']],
  ['offset=0&page=1', ['page']],
  ['page=1&skip=0', ['page']],
  ['cursor=x&offset=0', ['offset', 'cursor']],
  ['cursor=x&page=1', ['page', 'cursor']],
  ['page=1&cursor=x&skip=0', ['skip', 'page', 'cursor']],
  [
    'status=x&completed=y&priority=x&tag=&tags=&due_after=x&due_before=x&q=&sort=x&order=x&per_page=x&count=x&cursor=x&skip=x&page=x',
    [
      'status',
      'completed',
      'priority',
      'tag',
      'tags',
      'due_after',
      'due_before',
      'q',
      'sort',
      'order',
      'per_page',
      'count',
      'skip',
      'page',
      'cursor',
    ],
  ],
  ['status=x&limit=0&limit=0', ['status', 'limit']],
  ['status=x&cursor=y', ['status', 'cursor']],
];

describeOnEachStore('422 invalid_query', (service) => {
  for (const [query, fields] of queries) {
    it(`given ?${query.slice(0, 60)}: errors for ${fields.join(', ')}`, async () => {
      const user = await service().user();
      await kept(user);
      for (const scheme of urlSchemes) {
        for (const slash of ['', '/']) {
          const answer = await user.get(`${user.lists[scheme]}${slash}?${query}`, {
            headers: { 'If-None-Match': '*' },
          });
          expect(answer.status, answer.text).to.equal(422);
          const problem = problemOf(answer);
          expect(problem.code).to.be.oneOf(
            query.startsWith('cursor') ? ['invalid_query', 'invalid_cursor'] : ['invalid_query'],
          );
          const found = problem.errors?.map(({ field }) => field) ?? [];
          expect([...new Set(found)]).to.deep.equal(fields);
        }
      }
    });
  }

  it('given a valid cursor and a filter that is not valid: no error for the cursor', async () => {
    const user = await service().user();
    await kept(user);
    await kept(user);
    const { cursor = '' } = nextParametersOf(await user.get(`${user.lists.own}?limit=1&status=pending`));
    for (const query of ['status=pendin', 'sort=none', 'status=pending&completed=true']) {
      const answer = await user.get(`${user.lists.own}?${query}&cursor=${cursor}`);
      expect(answer.status).to.equal(422);
      expect(problemOf(answer).errors?.map(({ field }) => field)).not.to.include('cursor');
    }
  });

  it('given thousands of bad values and parameters: a short response', async () => {
    const user = await service().user();
    for (const query of [`tags=${','.repeat(9000)}`, 'limit=x&'.repeat(1500), 'page=1&skip=1&'.repeat(900)]) {
      const answer = await user.get(`${user.lists.own}?${query}`);
      expect(answer.status).to.equal(422);
      expect(answer.text.length).to.be.below(1000);
    }
  });
});
