import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { z } from 'zod';
import { contentOf, errorIn, openSession, titlesIn, type McpSession } from '../support/mcp/mcp-client.ts';
import { ownService } from '../support/http/suites.ts';

describe('the MCP tool list_tasks', () => {
  const service = ownService({ environment: { MCP_ENABLED: 'true' } });
  const open = async (): Promise<McpSession> =>
    openSession({ url: service().url, token: (await service().user()).token });

  it('given every filter, search, order and page of a list: as over HTTP', async () => {
    const user = await service().user();
    await using session = await openSession({ url: service().url, token: user.token });
    for (const [title, fields] of Object.entries({
      'A milk': { priority: 'high', tags: ['a', 'b'], due_date: '2026-11-30' },
      'B milk': { priority: 'low', tags: ['b'], due_date: '2026-12-02', completed: true },
      'C bread': { tags: ['c'] },
    }))
      await session.call('add_task', { title, ...fields });
    const queries: readonly (readonly [Record<string, unknown>, string])[] = [
      [{}, ''],
      [{ status: 'pending' }, 'status=pending'],
      [{ priority: ['high', 'low'] }, 'priority=high,low'],
      [{ priority: 'high' }, 'priority=high'],
      [{ tag: 'b', sort_by: 'due_date', sort_order: 'desc' }, 'tag=b&sort_by=due_date&sort_order=desc'],
      [{ tags: ['a', 'c'], sort_by: 'title' }, 'tags=a,c&sort_by=title'],
      [{ due_after: '2026-12-01', due_before: '2027-01-01' }, 'due_after=2026-12-01&due_before=2027-01-01'],
      [{ search: 'MILK', limit: 1, count: true }, 'search=MILK&limit=1&count=true'],
    ];
    for (const [args, query] of queries) {
      const content = contentOf(await session.call('list_tasks', args));
      const answer = await user.get(`/api/tasks?${query}`);
      expect(content.tasks, query).to.deep.equal(JSON.parse(answer.text));
      expect(String(content.total ?? ''), query).to.equal(answer.headers['x-total-count'] ?? '');
      const next = /cursor=([\w-]+)/.exec(answer.headers['link'] ?? '')?.[1];
      expect(content.next_cursor ?? undefined, query).to.equal(next);
    }
    const first = contentOf(await session.call('list_tasks', { limit: 2 }));
    const second = await session.call('list_tasks', { limit: 2, cursor: first.next_cursor });
    expect(titlesIn(second)).to.deep.equal(['A milk']);
    const wrong = await session.call('list_tasks', { cursor: first.next_cursor, status: 'pending' });
    expect(errorIn(wrong).code).to.equal('invalid_cursor');
  });

  it('given more tasks than the default page: 50, and a cursor', async () => {
    await using session = await open();
    for (let n = 0; n < 51; n += 1) await session.call('add_task', { title: `${n}` });
    const page = contentOf(await session.call('list_tasks'));
    expect(page.tasks).to.have.length(50);
    expect(page.next_cursor).to.be.a('string');
  });

  it('given a limit that is not 1 to 100: an error that names the rule', async () => {
    await using session = await open();
    expect(contentOf(await session.call('list_tasks', { limit: 100 })).tasks).to.deep.equal([]);
    for (const limit of [0, -1, 1.5, 101, 1001, 'many'])
      expect(errorIn(await session.call('list_tasks', { limit })).errors, `${limit}`).to.deep.equal([
        { field: 'limit', message: 'must be a whole number from 1 to 100' },
      ]);
  });

  it('given a count that is not true or false: an error that names the rule, once', async () => {
    await using session = await open();
    for (const count of ['many', 1, [], {}])
      expect(errorIn(await session.call('list_tasks', { count })).errors).to.deep.equal([
        { field: 'count', message: 'must be true or false' },
      ]);
  });

  it('given an array or an object: taken as the schema has it, and refused elsewhere', async () => {
    await using session = await open();
    await session.call('add_task', { title: 'milk,bread', tags: ['home,work'] });
    const { tools } = await session.client.listTools();
    const properties = tools.find(({ name }) => name === 'list_tasks')?.inputSchema.properties ?? {};
    const typeOf = z.looseObject({ type: z.string() });
    const types = Object.entries(properties).map(([name, json]) => [name, typeOf.parse(json).type] as const);
    expect(types.filter(([, type]) => type === 'array').map(([name]) => name)).to.have.members([
      'priority',
      'tags',
    ]);
    for (const [name, type] of types)
      for (const value of type === 'array' ? [[], {}, [['low']]] : [['low'], ['milk', 'bread'], [], {}]) {
        const { code, errors } = errorIn(await session.call('list_tasks', { [name]: value }));
        const what = `${name}: ${JSON.stringify(value)}`;
        expect([code, errors?.map(({ field }) => field)], what).to.deep.equal(['invalid_arguments', [name]]);
        expect(errors?.[0]?.message, what).to.match(/^must be /);
      }
  });

  it('given arrays: accepted where the schema allows them, and only there', async () => {
    await using session = await open();
    const { tools } = await session.client.listTools();
    const input = tools.find(({ name }) => name === 'list_tasks')?.inputSchema ?? {};
    const isAllowed = new Ajv2020({ strict: false, validateFormats: false }).compile(input);
    for (const name of ['priority', 'tags'])
      for (const value of [[], ['a,b'], ['low'], ['low', 'low'], [' '], [''], [7]]) {
        const result = await session.call('list_tasks', { [name]: value });
        expect(isAllowed({ [name]: value }), `${name}: ${JSON.stringify(value)}`).to.equal(
          result.isError !== true,
        );
      }
  });

  it('given problems of several kinds: all at once', async () => {
    await using session = await open();
    await session.call('add_task', { title: 'A' });
    await session.call('add_task', { title: 'B' });
    const { next_cursor: cursor } = contentOf(await session.call('list_tasks', { limit: 1 }));
    const args = { q: 'x', limit: 101, tag: ['a'], sort_by: 'age', cursor };
    const { errors } = errorIn(await session.call('list_tasks', args));
    expect(errors?.map(({ field }) => field)).to.have.members(['q', 'limit', 'tag', 'sort_by']);
  });
});
