import { expect } from 'chai';
import { taskOf, tasksOf } from '../../support/http/response-schemas.ts';
import { describeOnEachStore, urlSchemes } from '../../support/http/suites.ts';
import { absentId } from '../../support/tasks/task-requests.ts';

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describeOnEachStore('201 create', (service) => {
  for (const scheme of urlSchemes) {
    describe(`${scheme} URL scheme`, () => {
      it('given a task: the stored task as JSON', async () => {
        const user = await service().user();
        const began = new Date().toISOString();
        const answer = await user.post(user.lists[scheme], {
          title: '  Buy milk\t',
          description: ' Two litres ',
          completed: true,
          priority: 'high',
          due_date: '2026-11-30',
          tags: [' home ', 'bakery', 'home'],
        });
        expect(answer.status).to.equal(201);
        const task = taskOf(answer);
        expect(task).to.deep.equal({
          id: task.id,
          user_id: user.id,
          title: 'Buy milk',
          description: ' Two litres ',
          completed: true,
          priority: 'high',
          due_date: '2026-11-30',
          tags: ['home', 'bakery'],
          created_at: task.created_at,
          updated_at: task.created_at,
          revision: 1,
        });
        expect(Object.keys(task)).to.deep.equal([
          'id',
          'user_id',
          'title',
          'description',
          'completed',
          'priority',
          'due_date',
          'tags',
          'created_at',
          'updated_at',
          'revision',
        ]);
        expect(task.id).to.match(uuidV7);
        expect(task.created_at).to.match(instant);
        expect(task.created_at >= began && task.created_at <= new Date().toISOString()).to.be.true;
        expect((await user.get(`${user.lists[scheme]}/${task.id}`)).text).to.equal(answer.text);
        expect(tasksOf(await user.get(user.lists[scheme]))).to.deep.equal([task]);
      });

      it('given a task: Location in the same URL scheme, and the revision as ETag', async () => {
        const user = await service().user();
        const { headers, text } = await user.post(user.lists[scheme], { title: 'Buy milk' });
        const task = taskOf({ status: 201, headers, text, body: Buffer.from(text) });
        expect(headers['location']).to.equal(`${user.lists[scheme]}/${task.id}`);
        expect(headers['etag']).to.equal('"1"');
        expect(headers['content-type']).to.equal('application/json; charset=utf-8');
        expect(headers['cache-control']).to.equal('private, no-cache');
        expect(headers['vary'])
          .to.match(/\bOrigin\b/)
          .and.to.match(/\bAuthorization\b/);
      });

      const drafts: readonly (readonly [draft: object, result: object])[] = [
        [{ title: 'x' }, { title: 'x', description: null, completed: false }],
        [{ title: 'x', description: null }, { description: null }],
        [{ title: 'x', description: '' }, { description: '' }],
        [{ title: 'x', description: ' ' }, { description: ' ' }],
        [{ title: 'x', completed: true }, { completed: true }],
        [{ title: 'x', completed: false }, { completed: false }],
        [{ title: ' x y ' }, { title: 'x y' }],
      ];
      for (const [draft, result] of drafts) {
        it(`given ${JSON.stringify(draft)}: 201`, async () => {
          const user = await service().user();
          const answer = await user.post(`${user.lists[scheme]}/`, draft);
          expect(answer.status, answer.text).to.equal(201);
          expect(taskOf(answer)).to.include(result);
          expect(answer.headers['location']).to.equal(`${user.lists[scheme]}/${taskOf(answer).id}`);
        });
      }

      it('given members that clients cannot set: ignored', async () => {
        const user = await service().user();
        const answer = await user.post(`${user.lists[scheme]}?user_id=other&title=other&completed=x`, {
          id: absentId,
          user_id: 'somebody-else',
          title: 'Buy milk',
          created_at: '2000-01-01T00:00:00.000Z',
          updated_at: '2000-01-01T00:00:00.000Z',
          revision: 77,
          nonsense: { deep: [{}] },
        });
        const task = taskOf(answer);
        expect(task).to.include({ user_id: user.id, revision: 1, title: 'Buy milk' });
        expect(task.id).not.to.equal(absentId);
        expect(task.created_at > '2020').to.be.true;
      });

      const bodies: readonly (readonly [what: string, body: string])[] = [
        ['duplicate members with a valid last one', '{"title":"","title":5,"title":"Last"}'],
        ['a __proto__ member', '{"__proto__":{"completed":true,"title":"evil"},"title":"Last"}'],
        ['a constructor member', '{"constructor":{"prototype":{"completed":true}},"title":"Last"}'],
        ['blanks around the object', ' \r\n\t{ "title" : "Last" }\n '],
        ['a byte order mark before the object', '\ufeff{"title":"Last"}'],
        ['escapes', '{"\\u0074itle":"\\u004c\\u0061st"}'],
        ['a number out of the range of JavaScript', '{"title":"Last","n":1e999}'],
        [
          'deep nesting in an unknown member',
          `{"title":"Last","n":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
        ],
      ];
      for (const [what, body] of bodies) {
        it(`given ${what}: 201`, async () => {
          const user = await service().user();
          const headers = { 'Content-Type': 'application/json' };
          const answer = await user.send('POST', user.lists[scheme], { headers, body });
          expect(answer.status, answer.text).to.equal(201);
          expect(taskOf(answer)).to.include({ title: 'Last', completed: false });
        });
      }
    });
  }

  it('given two users: a revision counter for each', async () => {
    const [anna, ben] = [await service().user(), await service().user()];
    for (const revision of [1, 2, 3]) {
      expect(taskOf(await anna.post(anna.lists.own, { title: 'a' })).revision).to.equal(revision);
      expect(taskOf(await ben.post(ben.lists.named, { title: 'b' })).revision).to.equal(revision);
    }
  });

  it('given writes that are refused: no revision is taken', async () => {
    const user = await service().user();
    const list = user.lists.own;
    const task = taskOf(await user.post(list, { title: 'a' }));
    await user.post(list, { title: '' });
    await user.put(`${list}/${task.id}`, {});
    await user.put(`${list}/${task.id}`, { title: 'b' }, { headers: { 'If-Match': '"9"' } });
    await user.delete(`${list}/${absentId}`);
    await user.get(list);
    expect(taskOf(await user.post(list, { title: 'b' })).revision).to.equal(2);
  });

  it('given a delete or a PUT that changes nothing: a revision is taken', async () => {
    const user = await service().user();
    const list = user.lists.own;
    const [first, second] = [
      taskOf(await user.post(list, { title: 'a' })),
      taskOf(await user.post(list, { title: 'b' })),
    ];
    expect(taskOf(await user.put(`${list}/${first.id}`, { title: 'a' })).revision).to.equal(3);
    await user.delete(`${list}/${second.id}`);
    expect(taskOf(await user.post(list, { title: 'c' })).revision).to.equal(5);
  });

  const ids: readonly string[] = [
    'a/b',
    'ü',
    '100%',
    '%2F',
    'a%2Fb',
    'with space',
    'a+b',
    'a?b#c',
    'auth0|5f7c8ec7c33c6c004bbafe82',
    'https://issuer.example/users/1',
    'anna@example.org',
    'a;b=c,d',
    "o'hara",
    '"quoted"',
    '\\back',
    '😀',
    'שלום',
    'e\u0301',
    '\u200b',
    'Tasks',
    'TASKS',
    'task',
    'api',
    '0',
    'null',
    '__proto__',
    'constructor',
    ':user_id',
    '{user_id}',
    '*',
    '(.*)',
    '...',
    '~',
    '0199f0c2-7a51-7cc4-b1de-93d5e1a3c0aa',
    'k'.repeat(255),
    '😀'.repeat(255),
  ];
  for (const id of ids) {
    it(`given the user ${JSON.stringify(id.slice(0, 40))}: Location leads to the task`, async () => {
      const user = await service().user(id);
      for (const list of [user.lists.own, user.lists.named]) {
        const answer = await user.post(list, { title: 'Buy milk' });
        expect(answer.status, answer.text).to.equal(201);
        expect(taskOf(answer).user_id).to.equal(id);
        const followed = await user.get(answer.headers['location'] ?? '');
        expect(followed.text).to.equal(answer.text);
        expect((await user.get(`${list}/`)).status).to.equal(200);
      }
    });
  }

  for (const id of ['tasks', '.', '..']) {
    it(`given the user ${JSON.stringify(id)}: 201 in the own URL scheme`, async () => {
      const user = await service().user(id);
      const answer = await user.post('/api/tasks', { title: 'Buy milk' });
      expect(answer.status).to.equal(201);
      expect((await user.get(answer.headers['location'] ?? '')).text).to.equal(answer.text);
      expect(tasksOf(await user.get('/api/tasks')).map(({ user_id }) => user_id)).to.include(id);
    });
  }
});
