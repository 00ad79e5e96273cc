import { expect } from 'chai';
import type { Answer } from '../../support/http/http-client.ts';
import { problemOf, tasksOf } from '../../support/http/response-schemas.ts';
import { describeInMemory } from '../../support/http/suites.ts';
import { absentId, kept, targetOf, taskRequests } from '../../support/tasks/task-requests.ts';

/** The response without date and request id. */
const comparable = (answer: Answer): unknown => ({
  status: answer.status,
  headers: { ...answer.headers, date: '', 'x-request-id': '' },
  body: { ...problemOf(answer), request_id: '' },
});

const json = { 'Content-Type': 'application/json' };

describeInMemory('403 not_owner', (service) => {
  const methods = [
    ...new Set(taskRequests.map(({ method }) => method)),
    'OPTIONS',
    'PROPFIND',
    'TRACE',
    'LOCK',
  ] as const;

  for (const request of taskRequests) {
    it(`given ${request.name} at the path of another user: the same 403 whether the user or the task exists`, async () => {
      const [user, other] = [await service().user(), await service().user()];
      const foreign = await kept(other);
      const own = await kept(user);
      const lists = [
        other.lists.named,
        '/api/nobody-has-this-id/tasks',
        `/api/${user.id.toUpperCase()}/tasks`,
      ];
      const answers: Answer[] = [];
      for (const list of lists) {
        for (const id of [foreign.id, own.id, absentId, 'malformed'])
          answers.push(
            await user.send(
              request.method,
              targetOf(list, request, id),
              request.json === undefined ? {} : { json: request.json },
            ),
          );
      }
      if (request.method === 'HEAD') {
        for (const { status } of answers) expect(status).to.equal(403);
        return;
      }
      const [first] = answers;
      expect(first?.status).to.equal(403);
      for (const answer of answers) {
        expect(problemOf(answer).code).to.equal('not_owner');
        expect(comparable(answer)).to.deep.equal(comparable(first!));
        expect(answer.headers['vary']).to.match(/\bAuthorization\b/);
      }
      expect(tasksOf(await other.get(other.lists.own))).to.deep.equal([foreign]);
    });
  }

  for (const path of ['', `/${absentId}`, `/${absentId}/complete`, '/', `/${absentId}/`]) {
    for (const method of methods) {
      it(`given ${method} {tasks}${path} of another user: 403 before method, query, body, preconditions and Accept are checked`, async () => {
        const user = await service().user();
        for (const options of [
          {},
          { headers: { Accept: 'text/html' } },
          { headers: { 'If-Match': 'nonsense', 'If-None-Match': '*' } },
          { headers: { 'If-Match': '"99"' } },
          { headers: json, body: '{' },
          { headers: json, body: '{}' },
          { headers: json, body: '[]' },
          { headers: json, body: 'x'.repeat(70_000) },
          { headers: { 'Content-Type': 'text/plain' }, body: 'x' },
          { headers: { ...json, 'Content-Encoding': 'zstd' }, body: 'x' },
          { headers: { ...json, 'Content-Encoding': 'gzip' }, body: 'x' },
        ]) {
          for (const query of ['', '?status=nonsense', '?limit=0&limit=1', '?cursor=x', '?limit=%zz']) {
            const answer = await user.send(method, `/api/somebody-else/tasks${path}${query}`, options);
            expect(answer.status, JSON.stringify({ options, query })).to.equal(403);
          }
        }
      });
    }
  }

  const others: readonly (readonly [id: string, path: string])[] = [
    ['user', 'User'],
    ['user', 'user%20'],
    ['user', '%20user'],
    ['user', 'user%00'],
    ['user', 'user%7F'],
    ['user', 'user%C2%85'],
    ['user', 'use'],
    ['user', 'user1'],
    ['user', 'user%2F'],
    ['user', ':user_id'],
    ['user', '*'],
    ['user', 'me'],
    ['user', '%2575ser'],
    ['a/b', 'a'],
    ['a/b', 'a%252Fb'],
    ['a+b', 'a%20b'],
    ['a b', 'a+b'],
    ['\u00e9', 'e%CC%81'],
    ['e\u0301', '%C3%A9'],
    ['\ufb01', 'fi'],
    ['ß', 'ss'],
    ['K', '%E2%84%AA'],
    ['user', 'user%E2%80%8B'],
    ['1', '01'],
    ['undefined', 'null'],
    ['user', '..'],
    ['user', '.'],
    ['user', '__proto__'],
    ['user', 'constructor'],
  ];
  for (const [id, path] of others) {
    it(`given the user ${JSON.stringify(id)} at /api/${path}/tasks: 403`, async () => {
      const user = await service().user(id);
      for (const target of [`/api/${path}/tasks`, `/api/${path}/tasks/`, `/api/${path}/tasks/${absentId}`]) {
        const answer = await user.get(target);
        expect(answer.status, target).to.equal(403);
        expect(problemOf(answer).code).to.equal('not_owner');
      }
    });
  }

  for (const [id, path] of [
    ['user', '%75%73%65%72'],
    ['user', 'us%65r'],
    ['a/b', 'a%2fb'],
    ['ü', '%c3%bc'],
    ['a;b', 'a;b'],
    ["o'hara", "o'hara"],
    ['a:b', 'a:b'],
    ['a@b', 'a@b'],
  ] as const) {
    it(`given the user ${JSON.stringify(id)} at the equivalent path /api/${path}/tasks: 200`, async () => {
      const user = await service().user(id);
      expect((await user.get(`/api/${path}/tasks`)).status).to.equal(200);
    });
  }
});
