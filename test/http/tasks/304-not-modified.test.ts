import { expect } from 'chai';
import { describeOnEachStore, urlSchemes } from '../../support/http/suites.ts';
import { kept } from '../../support/tasks/task-requests.ts';

const tags: readonly (readonly [what: string, header: (tag: string) => string, matches: boolean])[] = [
  ['the tag', (tag) => tag, true],
  ['the tag as a weak tag', (tag) => `W/${tag.replace('W/', '')}`, true],
  ['the tag as a strong tag', (tag) => tag.replace('W/', ''), true],
  ['a star', () => '*', true],
  ['a list with the tag', (tag) => `"a", ${tag}, "b"`, true],
  ['a list without spaces', (tag) => `"a",${tag}`, true],
  ['a list with empty members', (tag) => `,, ${tag} ,`, true],
  ['a list of weak tags', (tag) => `W/"a", W/${tag.replace('W/', '')}`, true],
  ['a tag with a comma in it, and the tag', (tag) => `"a,b", ${tag}`, true],
  ['another tag', () => '"other"', false],
  ['an empty tag', () => '""', false],
  ['the tag without quotes', (tag) => tag.replace('W/', '').replaceAll('"', ''), false],
  ['the tag with a leading zero', (tag) => tag.replace('"', '"0'), false],
  ['the tag with an additional letter', (tag) => tag.replace(/"$/, 'x"'), false],
  ['a prefix of the tag', (tag) => tag.replace(/.?"$/, '"'), false],
  ['the tag with a lower-case w/', (tag) => `w/${tag.replace('W/', '')}`, false],
  ['the tag inside another tag', (tag) => `"a ${tag.replace('W/', '').replaceAll('"', '')}"`, false],
  ['nonsense', () => '{"', false],
];

describeOnEachStore('304 not modified', (service) => {
  for (const scheme of urlSchemes) {
    for (const what of ['task', 'list'] as const) {
      for (const [header, value, matches] of tags) {
        it(`given a ${what} and If-None-Match with ${header}: ${matches ? '304' : '200'} (${scheme} URL scheme)`, async () => {
          const user = await service().user();
          for (let n = 0; n < 11; n += 1) await kept(user); // so that the revision is "12"
          const { id } = await kept(user);
          const target = what === 'task' ? `${user.lists[scheme]}/${id}` : user.lists[scheme];
          const full = await user.get(target);
          const options = { headers: { 'If-None-Match': value(full.headers['etag'] ?? '') } };
          const answer = await user.get(target, options);
          expect(answer.status, JSON.stringify(options)).to.equal(matches ? 304 : 200);
          if (!matches) return;
          expect(answer.text).to.equal('');
          expect(answer.headers['etag']).to.equal(full.headers['etag']);
          expect(answer.headers['cache-control']).to.equal('private, no-cache');
          expect(answer.headers['vary']).to.equal(full.headers['vary']);
          expect(answer.headers).not.to.have.any.keys('content-type', 'content-length');
        });
      }
    }

    it(`given a write of the task: 200 for the previous tag (${scheme} URL scheme)`, async () => {
      const user = await service().user();
      const task = await kept(user);
      const target = `${user.lists[scheme]}/${task.id}`;
      for (const write of [
        () => user.put(target, { title: 'Buy milk' }),
        () => user.patch(target, { description: 'x' }),
        () => user.patch(`${target}/complete`),
      ]) {
        const tag = (await user.get(target)).headers['etag'] ?? '';
        expect((await user.get(target, { headers: { 'If-None-Match': tag } })).status).to.equal(304);
        await write();
        expect((await user.get(target, { headers: { 'If-None-Match': tag } })).status).to.equal(200);
      }
    });

    it(`given POST with If-None-Match or If-Match: ignored (${scheme} URL scheme)`, async () => {
      const user = await service().user();
      const options = { headers: { 'If-None-Match': '*', 'If-Match': '"9"' } };
      expect((await user.post(user.lists[scheme], { title: 'x' }, options)).status).to.equal(201);
    });

    it(`given GET with If-Match: ignored (${scheme} URL scheme)`, async () => {
      const user = await service().user();
      const { id } = await kept(user);
      for (const tag of ['"9"', 'nonsense']) {
        const options = { headers: { 'If-Match': tag } };
        expect((await user.get(`${user.lists[scheme]}/${id}`, options)).status).to.equal(200);
        expect((await user.get(user.lists[scheme], options)).status).to.equal(200);
      }
    });
  }

  const writes = ['create', 'put', 'patch', 'complete', 'delete', 'put that changes nothing'] as const;
  const queries = [
    '',
    '?status=pending',
    '?status=completed',
    '?limit=1',
    '?limit=1&status=completed',
    '?search=none&sort=title&count=true',
    '?page=1&limit=1',
  ];
  for (const query of queries) {
    for (const write of writes) {
      it(`given a ${write}, also of a task on another page: another tag for the list ${query}`, async () => {
        const user = await service().user();
        const list = user.lists.own;
        const task = await kept(user, { completed: true });
        await kept(user);
        await kept(user, { completed: true });
        const tag = (await user.get(list + query)).headers['etag'] ?? '';
        await {
          create: () => user.post(list, { title: 'x' }),
          put: () => user.put(`${list}/${task.id}`, { title: 'x' }),
          patch: () => user.patch(`${list}/${task.id}`, { description: 'x' }),
          complete: () => user.patch(`${list}/${task.id}/complete`),
          delete: () => user.delete(`${list}/${task.id}`),
          'put that changes nothing': () => user.put(`${list}/${task.id}`, { title: task.title }),
        }[write]();
        const answer = await user.get(list + query, { headers: { 'If-None-Match': tag } });
        expect(answer.status).to.equal(200);
        expect(answer.headers['etag']).not.to.equal(tag);
      });
    }
  }

  it('given only reads and refused writes: the same tag for the list', async () => {
    const user = await service().user();
    const task = await kept(user);
    const tag = (await user.get(user.lists.own)).headers['etag'];
    await user.get(`${user.lists.own}/${task.id}`);
    await user.post(user.lists.own, { title: '' });
    await user.delete(`${user.lists.own}/${task.id}`, { headers: { 'If-Match': '"9"' } });
    expect((await user.get(user.lists.own)).headers['etag']).to.equal(tag);
  });

  const differentQueries = [
    'status=all',
    'status=pending',
    'status=completed',
    'limit=1',
    'limit=2',
    'offset=0',
    'offset=1',
    'page=1',
    'page=2',
    'page=2&limit=1',
    'count=true',
    'offset=1&count=true',
    'priority=high',
    'tag=a',
    'tags=a',
    'due_after=2026-11-30',
    'due_before=2026-11-30',
    'search=a',
    'sort_order=asc',
    'sort_by=title',
    'sort_by=title&sort_order=desc',
  ];

  it('given other users and queries at the same revision: different tags', async () => {
    const users = [await service().user(), await service().user(), await service().user()];
    const tags: string[] = [];
    for (const user of users) {
      await kept(user);
      await kept(user);
      const link = (await user.get(`${user.lists.own}?limit=1`)).headers['link'] ?? '';
      const next = /^<(.*)>/.exec(link)?.[1]?.split('?')[1] ?? '';
      for (const query of [...differentQueries, next])
        tags.push((await user.get(`${user.lists.own}?${query}`)).headers['etag'] ?? '');
    }
    expect(new Set(tags).size).to.equal(tags.length);
  });

  it('given empty lists of two users: different tags, and 304 only for the own one', async () => {
    const [anna, ben] = [await service().user(), await service().user()];
    const [a, b] = [await anna.get(anna.lists.own), await ben.get(ben.lists.own)];
    expect(a.headers['etag']).not.to.equal(b.headers['etag']);
    const again = await anna.get(anna.lists.own, { headers: { 'If-None-Match': a.headers['etag'] ?? '' } });
    expect(again.status).to.equal(304);
    const others = await anna.get(anna.lists.own, { headers: { 'If-None-Match': b.headers['etag'] ?? '' } });
    expect(others.status).to.equal(200);
  });
});
