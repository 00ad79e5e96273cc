import { expect } from 'chai';
import type { Answer, Ask } from '../support/http-client.ts';
import { problemOf, tasksOf } from '../support/promises.ts';
import { describeService, urlFamilies } from '../support/suites.ts';
import {
  absentId,
  conditionalWrites,
  kept,
  malformedIds,
  perform,
  requestsOfOneTask,
} from '../support/task-requests.ts';

/** Everything of an answer but its request id and its date. */
const comparable = (answer: Answer): unknown => ({
  status: answer.status,
  headers: Object.entries({ ...answer.headers, date: '', 'x-request-id': '' }),
  body: answer.text.replace(answer.headers['x-request-id'] ?? '', ''),
});

const json = { 'Content-Type': 'application/json' };

describeService('404 task_not_found', (service) => {
  const asks: readonly (readonly [what: string, ask: Ask])[] = [
    ['as it is', {}],
    ['with a precondition that does not hold', { headers: { 'If-Match': '"99"' } }],
    ['with If-Match: *', { headers: { 'If-Match': '*' } }],
    ['with a weak If-Match', { headers: { 'If-Match': 'W/"1"' } }],
    ['with If-None-Match: *', { headers: { 'If-None-Match': '*' } }],
    ['with a broken If-Match', { headers: { 'If-Match': 'x' } }],
    ['with a broken body', { headers: json, body: '{' }],
    ['with an empty body', { headers: json, body: '' }],
    ['with a body that is no object', { headers: json, body: '[]' }],
    ['with an invalid task', { headers: json, body: '{"title":"","completed":null}' }],
    ['with an empty object', { headers: json, body: '{}' }],
    ['with another media type', { headers: { 'Content-Type': 'text/plain' }, body: 'x' }],
    ['with a body that is too large', { headers: json, body: `{"title":"${'x'.repeat(70_000)}"}` }],
    ['with Accept: text/html', { headers: { Accept: 'text/html' } }],
    ['with a query', {}],
  ];
  for (const family of urlFamilies) {
    for (const request of requestsOfOneTask) {
      for (const [what, ask] of asks) {
        it(`${request.name} ${what}: absent, foreign, malformed and deleted are the same, ${family}`, async () => {
          const [user, other] = [await service().user(), await service().user()];
          const foreign = await kept(other);
          const deleted = await kept(user);
          await user.delete(`${user.lists.own}/${deleted.id}`);
          const answers: Answer[] = [];
          for (const id of [absentId, foreign.id, 'malformed', 'tasks', deleted.id, foreign.id.toUpperCase()])
            answers.push(await perform(user, user.lists[family], request, id, ask));
          for (const answer of answers) {
            expect(comparable(answer)).to.deep.equal(comparable(answers[0]!));
            expect(answer.headers['vary']).to.match(/\bAuthorization\b/);
          }
          if (what === 'as it is' || what.includes('None') || what.includes('query')) {
            expect(answers[0]?.status).to.equal(404);
            if (request.method !== 'HEAD') expect(problemOf(answers[0]!).code).to.equal('task_not_found');
          }
          expect(tasksOf(await other.get(other.lists.own))).to.deep.equal([foreign]);
        });
      }
    }

    for (const request of conditionalWrites) {
      it(`${request.name} goes before the precondition, ${family}`, async () => {
        const user = await service().user();
        for (const tag of ['"99"', 'W/"1"', '*', '"1", "2"']) {
          const ask = { headers: { 'If-Match': tag } };
          const answer = await perform(user, user.lists[family], request, absentId, ask);
          expect(answer.status, tag).to.equal(404);
        }
      });
    }

    for (const id of malformedIds) {
      it(`${id.slice(0, 50)} is no task, ${family}`, async () => {
        const user = await service().user();
        await kept(user);
        for (const request of requestsOfOneTask) {
          for (const slash of ['', '/']) {
            const list = user.lists[family];
            const answer = await perform(user, list, { ...request }, id, {});
            expect(answer.status, request.name + slash).to.equal(404);
            if (request.method !== 'HEAD') expect(problemOf(answer).code).to.equal('task_not_found');
          }
        }
      });
    }
  }

  it('/api/tasks/tasks is a malformed id of the first family, also for a user named tasks', async () => {
    for (const id of [undefined, 'tasks']) {
      const user = await service().user(id);
      for (const path of [
        '/api/tasks/tasks',
        '/api/tasks/tasks/',
        '/api/%74asks/tasks',
        '/api/tasks/%74asks',
      ]) {
        for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
          const answer = await user.send(
            method,
            path,
            method.startsWith('P') ? { json: { title: 'x' } } : {},
          );
          expect(answer.status, `${method} ${path}`).to.equal(404);
          expect(problemOf(answer).code).to.equal('task_not_found');
        }
      }
      const answer = await user.patch('/api/tasks/tasks/complete');
      expect(answer.status).to.equal(404);
      expect(problemOf(answer).code).to.equal('task_not_found');
      const post = await user.post('/api/tasks/tasks', { title: 'x' });
      expect(post.status).to.equal(405);
    }
  });
});
