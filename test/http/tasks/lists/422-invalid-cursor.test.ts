import { expect } from 'chai';
import { problemOf } from '../../../support/http/response-schemas.ts';
import { describeOnEachStore, urlSchemes } from '../../../support/http/suites.ts';
import { nextParametersOf, titlesOf } from '../../../support/tasks/list-answers.ts';
import { kept } from '../../../support/tasks/task-requests.ts';

/** Changes of a valid cursor. */
const changes: readonly (readonly [what: string, change: (cursor: string) => string])[] = [
  ['no text', () => ''],
  ['a missing letter', (cursor) => cursor.slice(0, -1)],
  ['an additional letter', (cursor) => `${cursor}A`],
  ['a leading blank', (cursor) => `%20${cursor}`],
  ['a trailing blank', (cursor) => `${cursor}%20`],
  ['a trailing line end', (cursor) => `${cursor}%0A`],
  ['padding of one character', (cursor) => `${cursor}=`],
  ['padding of two characters', (cursor) => `${cursor}==`],
  ['an invalid character inside', (cursor) => `${cursor.slice(0, 9)}!${cursor.slice(9)}`],
  ['another first letter', (cursor) => `${cursor.startsWith('A') ? 'B' : 'A'}${cursor.slice(1)}`],
  ['the cursor twice', (cursor) => cursor + cursor],
  ['the cursor in upper case', (cursor) => cursor.toUpperCase()],
  ['a number', () => '5'],
  ['an id', () => '0199f0c2-7a51-7cc4-b1de-93d5e1a3c0aa'],
  ['a date', () => '2026-11-21T08:00:00.000Z'],
  ['base64 of nonsense', () => Buffer.from('nonsense').toString('base64url')],
  ['base64 of JSON', () => Buffer.from('{"createdAt":"2026-11-21T08:00:00.000Z"}').toString('base64url')],
  ['base64 of SQL', () => Buffer.from("all ' OR 1=1 -- x").toString('base64url')],
  ['base64 of NUL', () => Buffer.from('all \0 \0').toString('base64url')],
  ['an emoji', () => '%F0%9F%98%80'],
  ['U+0000', () => '%00'],
  ['ten thousand letters', () => 'A'.repeat(10_000)],
];

/** Changes of a decoded cursor: dates and ids that PostgreSQL would refuse or read as other values. */
const decodedChanges: readonly (readonly [what: string, change: (text: string) => string])[] = [
  ['another id', (text) => text.replace(/-[0-9a-f]{12}/, '-x')],
  ['an id in upper case', (text) => text.replace(/[0-9a-f-]{36}/, (id) => id.toUpperCase())],
  ['a day that does not exist', (text) => text.replace(/\d\d\d\d-\d\d-\d\d/, '2026-02-30')],
  ['a month that does not exist', (text) => text.replace(/\d\d\d\d-\d\d-/, '2026-13-')],
  ['the hour 24', (text) => text.replace(/T\d\d/, 'T24')],
  ['the year 0', (text) => text.replace(/\d{4}-/, '0000-')],
  ['more than milliseconds', (text) => text.replace(/(\.\d{3})Z/, '$1000Z')],
  ['another zone', (text) => text.replace('Z', '+00:00')],
  ['infinity', (text) => text.replace(/\d{4}-\S+Z/, 'infinity')],
  ['an additional member', (text) => `${text} x`],
  ['a missing member', (text) => text.split(' ').slice(0, -1).join(' ')],
  ['an unknown filter', (text) => text.replace(/^\w+/, 'every')],
];

describeOnEachStore('422 invalid_cursor', (service) => {
  for (const scheme of urlSchemes) {
    for (const [what, change] of [
      ...changes,
      ...decodedChanges.map(
        ([what, change]) =>
          [
            `${what} in the decoded cursor`,
            (cursor: string) =>
              Buffer.from(change(Buffer.from(cursor, 'base64url').toString())).toString('base64url'),
          ] as const,
      ),
    ]) {
      it(`given ${what}: 422 (${scheme} URL scheme)`, async () => {
        const user = await service().user();
        await kept(user);
        await kept(user);
        const list = user.lists[scheme];
        const { cursor = '' } = nextParametersOf(await user.get(`${list}?limit=1`));
        expect(cursor).not.to.equal('');
        const answer = await user.get(`${list}?limit=1&cursor=${change(cursor)}`);
        expect(answer.status, answer.text).to.equal(422);
        const problem = problemOf(answer);
        expect(problem.code).to.equal('invalid_cursor');
        expect(problem.errors?.map(({ field }) => field)).to.deep.equal(['cursor']);
      });
    }

    const filters = ['status=all', 'status=pending', 'status=completed'];
    const others: Readonly<Record<string, readonly string[]>> = {
      'status=all': ['status=pending', 'status=completed', 'completed=true', 'completed=false'],
      'status=pending': ['', 'status=all', 'status=completed', 'completed=true'],
      'status=completed': ['', 'status=all', 'status=pending', 'completed=false'],
    };
    for (const filter of filters) {
      for (const other of others[filter] ?? []) {
        it(`given a cursor of ${filter} with ${other || 'no filter'}: 422 (${scheme} URL scheme)`, async () => {
          const user = await service().user();
          for (const completed of [true, true, false, false]) await kept(user, { completed });
          const list = user.lists[scheme];
          const { cursor = '' } = nextParametersOf(await user.get(`${list}?limit=1&${filter}`));
          expect((await user.get(`${list}?${filter}&cursor=${cursor}`)).status).to.equal(200);
          const answer = await user.get(`${list}?${other}&cursor=${cursor}`);
          expect(answer.status).to.equal(422);
          expect(problemOf(answer).code).to.equal('invalid_cursor');
        });
      }
    }

    /** Each of these lists has cursors of its own. */
    const lists = [
      '',
      'status=pending',
      'priority=medium',
      'priority=medium,low',
      'tag=a',
      'tags=a',
      'tags=a,b',
      'due_after=2026-11-30',
      'due_before=2026-12-31',
      'search=milk',
      'search=milk%201',
      'sort_order=asc',
      'sort_by=updated_at',
      'sort_by=updated_at&sort_order=asc',
      'sort_by=title',
      'sort_by=title&sort_order=desc',
      'sort_by=due_date',
      'sort_by=priority',
    ];
    for (const list of lists)
      it(`given a cursor of ?${list} in any other list: 422 (${scheme} URL scheme)`, async () => {
        const user = await service().user();
        for (const title of ['Milk 1', 'Milk 1 2'])
          await kept(user, { title, tags: ['a', 'b'], due_date: '2026-12-01' });
        const { cursor = '' } = nextParametersOf(await user.get(`${user.lists[scheme]}?${list}&limit=1`));
        for (const other of lists) {
          const answer = await user.get(`${user.lists[scheme]}?${other}&cursor=${cursor}`);
          expect(answer.status, other).to.equal(other === list ? 200 : 422);
          if (other !== list) expect(problemOf(answer).code).to.equal('invalid_cursor');
        }
      });

    it(`given a cursor of an equivalent list: 200 (${scheme} URL scheme)`, async () => {
      const user = await service().user();
      for (const title of ['Milk 1', 'Milk 2'])
        await kept(user, { title, tags: ['a'], due_date: '2026-12-01' });
      const [given, equivalent] = [
        'status=pending&priority=low,medium&tags=b,a&due_after=2026-11-30&search=milk&sort_by=title&sort_order=asc',
        'completed=false&priority=medium,low,low&tags=a,b,a&due_after=2026-11-30T01:00%2B01:00&q=%20MILK%20&sort=title&count=true',
      ].map((query) => `${user.lists[scheme]}?${query}`);
      const { cursor = '' } = nextParametersOf(await user.get(`${given ?? ''}&limit=1`));
      expect(titlesOf(await user.get(`${equivalent ?? ''}&cursor=${cursor}`))).to.deep.equal(['Milk 2']);
    });

    /** Values that no task can be sorted by. */
    const values: readonly (readonly [by: string, forged: readonly (string | null)[]])[] = [
      ['title', [null, '', 'a\0', 'a'.repeat(5000)]],
      ['due_date', ['', '2026-11-30', '2026-02-30T00:00:00.000Z', 'null']],
      ['priority', [null, '', '0', '4', '01', 'high']],
      ['updated_at', [null, '', '2026-11-30', 'infinity']],
    ];
    for (const [by, forged] of values)
      it(`given a cursor by ${by} with a value that no task can have: 422 (${scheme} URL scheme)`, async () => {
        const user = await service().user();
        for (const title of ['Milk 1', 'Milk 2']) await kept(user, { title, due_date: '2026-12-01' });
        const list = `${user.lists[scheme]}?sort_by=${by}&limit=1`;
        const { cursor = '' } = nextParametersOf(await user.get(list));
        const parts = Buffer.from(cursor, 'base64url').toString().split(' ');
        const withValue = (value: string | null): string =>
          Buffer.from([...parts.slice(0, 3), ...(value === null ? [] : [value])].join(' ')).toString(
            'base64url',
          );
        expect((await user.get(`${list}&cursor=${withValue(parts.slice(3).join(' '))}`)).status).to.equal(
          200,
        );
        for (const value of forged) {
          const answer = await user.get(`${list}&cursor=${withValue(value)}`);
          expect(answer.status, JSON.stringify(value)).to.equal(422);
          expect(problemOf(answer).code).to.equal('invalid_cursor');
        }
      });
  }
});
