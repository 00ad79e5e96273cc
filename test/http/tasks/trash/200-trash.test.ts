import { expect } from 'chai';
import { idsOf, problemOf, tasksOf, trashOf } from '../../../support/http/response-schemas.ts';
import type { User } from '../../../support/http/service.ts';
import { describeOnEachStore, ownService, urlSchemes } from '../../../support/http/suites.ts';
import { linksOf } from '../../../support/tasks/list-answers.ts';
import { kept } from '../../../support/tasks/task-requests.ts';

/** Creates tasks and deletes them in this order. */
const deleted = async (user: User, count: number): Promise<string[]> => {
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const { id } = await kept(user);
    await user.delete(`${user.lists.own}/${id}`);
    ids.push(id);
  }
  return ids;
};

describeOnEachStore('200 trash', (service) => {
  for (const scheme of urlSchemes) {
    const trashOfUser = (user: User) => `${user.lists[scheme]}/trash`;

    it(`given no deleted task: an empty array (${scheme} URL scheme)`, async () => {
      const user = await service().user();
      await kept(user);
      const answer = await user.get(trashOfUser(user));
      expect(answer.status).to.equal(200);
      expect(answer.text).to.equal('[]');
      expect(answer.headers).not.to.have.property('link');
      expect(answer.headers['cache-control']).to.equal('private, no-cache');
    });

    it(`given deleted tasks: as they were, with deleted_at and the revision of the deletion, latest first (${scheme} URL scheme)`, async () => {
      const user = await service().user();
      const tasks = [await kept(user, { title: 'One', tags: ['a'] }), await kept(user, { completed: true })];
      for (const { id } of tasks) await user.delete(`${user.lists[scheme]}/${id}`);
      const listed = trashOf(await user.get(trashOfUser(user)));
      expect(listed.map(({ deleted_at: _, ...task }) => task)).to.deep.equal([
        { ...tasks[1], revision: 4 },
        { ...tasks[0], revision: 3 },
      ]);
    });

    it(`given a deleted task: in no list, search and count, and 404 for every other request (${scheme} URL scheme)`, async () => {
      const user = await service().user();
      const task = await kept(user, { title: 'Secret' });
      const other = await kept(user);
      const target = `${user.lists[scheme]}/${task.id}`;
      await user.delete(target);
      expect(tasksOf(await user.get(user.lists[scheme]))).to.deep.equal([other]);
      const searched = await user.get(`${user.lists[scheme]}?search=secret&count=true`);
      expect([searched.text, searched.headers['x-total-count']]).to.deep.equal(['[]', '0']);
      for (const answer of [
        await user.get(target),
        await user.put(target, { title: 'x' }),
        await user.patch(target, { title: 'x' }),
        await user.patch(`${target}/complete`),
        await user.delete(target),
      ])
        expect(answer.status).to.equal(404);
      expect(JSON.parse((await user.get('/api/me')).text)).to.deep.include({
        tasks: { total: 1, pending: 1, completed: 0 },
      });
    });

    for (const name of ['limit', 'page_size', 'per_page'])
      it(`given pages by ${name}: each task once, in links of the URL scheme (${scheme} URL scheme)`, async () => {
        const user = await service().user();
        const ids = await deleted(user, 5);
        const read: string[] = [];
        let target: string | undefined = `${trashOfUser(user)}?${name}=2`;
        for (let pages = 0; target !== undefined; pages += 1) {
          expect(pages).to.be.below(3);
          expect(target.startsWith(`${trashOfUser(user)}?`)).to.be.true;
          const answer = await user.get(target);
          read.push(...idsOf(answer));
          target = linksOf(answer)['next'];
        }
        expect(read).to.deep.equal(ids.toReversed());
      });
  }

  it('given parameters of other lists, and unknown ones: ignored', async () => {
    const user = await service().user();
    const [id] = await deleted(user, 1);
    for (const query of [
      'status=completed',
      'search=none',
      'sort_by=x',
      'offset=9',
      'page=0',
      'count=true',
      'x=1',
    ]) {
      const answer = await user.get(`${user.lists.own}/trash?${query}`);
      expect(idsOf(answer), query).to.deep.equal([id]);
      expect(answer.headers).not.to.have.property('x-total-count');
    }
  });

  describe('304', () => {
    const changes: Readonly<Record<string, (user: User, id: string) => Promise<unknown>>> = {
      'a deletion': (user) => deleted(user, 1),
      'a restoration': (user, id) => user.send('POST', `${user.lists.own}/${id}/restore`),
      'a purge, which takes no revision': (user, id) => user.delete(`${user.lists.own}/trash/${id}`),
      'a purge of all': (user) => user.delete(`${user.lists.own}/trash`),
    };
    for (const [what, change] of Object.entries(changes))
      it(`given ${what}: another tag, 200`, async () => {
        const user = await service().user();
        const [id] = await deleted(user, 3);
        const { headers } = await user.get(`${user.lists.own}/trash`);
        const options = { headers: { 'If-None-Match': headers['etag'] ?? '' } };
        const same = await user.get(`${user.lists.own}/trash`, options);
        expect([same.status, same.text, same.headers['etag']]).to.deep.equal([304, '', headers['etag']]);
        await change(user, id ?? '');
        const answer = await user.get(`${user.lists.own}/trash`, options);
        expect(answer.status).to.equal(200);
        expect(answer.headers['etag']).to.match(/^W\/"[\w-]+"$/);
      });

    it('given a purge of the task after the page: another tag, because the link is gone', async () => {
      const user = await service().user();
      const [id] = await deleted(user, 2);
      const first = await user.get(`${user.lists.own}/trash?limit=1`);
      await user.delete(`${user.lists.own}/trash/${id}`);
      const second = await user.get(`${user.lists.own}/trash?limit=1`);
      expect(second.text).to.equal(first.text);
      expect(second.headers['etag']).not.to.equal(first.headers['etag']);
    });

    it('given other users, queries and lists without tasks: different tags', async () => {
      const tags: unknown[] = [];
      for (const user of [await service().user(), await service().user()])
        for (const query of [
          '',
          '/trash',
          '/trash?limit=1',
          '/trash?limit=2',
          `/trash?cursor=${cursorOf(7)}`,
        ])
          tags.push((await user.get(user.lists.own + query)).headers['etag']);
      expect(new Set(tags).size).to.equal(tags.length);
    });
  });

  describe('422', () => {
    const cases: readonly (readonly [query: string, code: string, fields: readonly string[]])[] = [
      ['limit=0', 'invalid_query', ['limit']],
      ['limit=1001', 'invalid_query', ['limit']],
      ['limit=+1', 'invalid_query', ['limit']],
      ['limit=1&limit=1', 'invalid_query', ['limit']],
      ['limit=1&page_size=1', 'invalid_query', ['page_size']],
      ['page_size=x&per_page=1', 'invalid_query', ['per_page', 'page_size']],
      ['cursor=', 'invalid_cursor', ['cursor']],
      ['cursor=x', 'invalid_cursor', ['cursor']],
      [`cursor=${'A'.repeat(5_000)}`, 'invalid_cursor', ['cursor']],
      [`cursor=${cursorOf('x')}`, 'invalid_cursor', ['cursor']],
      [`cursor=${cursorOf('07')}`, 'invalid_cursor', ['cursor']],
      [`cursor=${cursorOf('-7')}`, 'invalid_cursor', ['cursor']],
      [`cursor=${cursorOf('7 ')}`, 'invalid_cursor', ['cursor']],
      [`cursor=${cursorOf('9007199254740993')}`, 'invalid_cursor', ['cursor']],
      [`cursor=${cursorOf(7)}=`, 'invalid_cursor', ['cursor']],
      [`cursor=${cursorOf(7)}&cursor=${cursorOf(7)}`, 'invalid_query', ['cursor']],
      ['cursor=x&limit=0', 'invalid_query', ['limit', 'cursor']],
    ];
    for (const [query, code, fields] of cases)
      it(`given ${query.slice(0, 60)}: ${code}`, async () => {
        const user = await service().user();
        const answer = await user.get(`${user.lists.own}/trash?${query}`);
        expect(answer.status).to.equal(422);
        const problem = problemOf(answer);
        expect(problem.code).to.equal(code);
        expect(problem.errors?.map(({ field }) => field)).to.deep.equal(fields);
      });

    it('given the cursor of a list for the trash, and that of the trash for a list: invalid_cursor', async () => {
      const user = await service().user();
      for (let n = 0; n < 2; n += 1) await kept(user);
      await deleted(user, 2);
      const cursors = [];
      for (const path of ['', '/trash'])
        cursors.push(
          /cursor=([^&>]+)/.exec(
            (await user.get(`${user.lists.own}${path}?limit=1`)).headers['link'] ?? '',
          )?.[1],
        );
      for (const target of [`/trash?cursor=${cursors[0]}`, `?cursor=${cursors[1]}`])
        expect(problemOf(await user.get(user.lists.own + target)).code).to.equal('invalid_cursor');
    });
  });
});

function cursorOf(revision: number | string): string {
  return Buffer.from(`trash ${revision}`).toString('base64url');
}

describe('a service without a trash', () => {
  const service = ownService({ store: 'PostgreSQL', environment: { TRASH_RETENTION_DAYS: '0' } });

  it('given TRASH_RETENTION_DAYS=0: a deleted task is gone for good', async () => {
    const user = await service().user();
    const [id] = await deleted(user, 1);
    expect((await user.get(`${user.lists.own}/trash`)).text).to.equal('[]');
    expect((await user.send('POST', `${user.lists.own}/${id}/restore`)).status).to.equal(404);
  });
});
