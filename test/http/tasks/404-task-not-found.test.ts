import { expect } from 'chai';
import type { Answer, RequestOptions } from '../../support/http/http-client.ts';
import { idsOf, problemOf } from '../../support/http/response-schemas.ts';
import type { Service } from '../../support/http/service.ts';
import {
  describeInMemory,
  describeOnEachStore,
  urlSchemes,
  type UrlScheme,
} from '../../support/http/suites.ts';
import {
  absentId,
  conditionalWrites,
  keptFor,
  malformedIds,
  perform,
  requestsOfOneTask,
  targetOf,
  type TaskRequest,
} from '../../support/tasks/task-requests.ts';

/** The response without date and request id. */
const comparable = (answer: Answer): unknown => ({
  status: answer.status,
  headers: Object.entries({ ...answer.headers, date: '', 'x-request-id': '' }),
  body: answer.text.replace(answer.headers['x-request-id'] ?? '', ''),
});

const json = { 'Content-Type': 'application/json' };

/** Requests that reach the store: 404. */
const reachStore: readonly (readonly [what: string, options: RequestOptions])[] = [
  ['without conditions', {}],
  ['with another revision in If-Match', { headers: { 'If-Match': '"99"' } }],
  ['with If-Match: *', { headers: { 'If-Match': '*' } }],
  ['with a weak If-Match', { headers: { 'If-Match': 'W/"1"' } }],
  ['with If-None-Match: *', { headers: { 'If-None-Match': '*' } }],
];

/** Requests that are refused before the store is called: another status, the same whether the task exists. */
const refusedBefore: readonly (readonly [what: string, options: RequestOptions])[] = [
  ['with a malformed If-Match', { headers: { 'If-Match': 'x' } }],
  ['with malformed JSON', { headers: json, body: '{' }],
  ['with an empty body', { headers: json, body: '' }],
  ['with a body that is not an object', { headers: json, body: '[]' }],
  ['with an invalid task', { headers: json, body: '{"title":"","completed":null}' }],
  ['with an empty object', { headers: json, body: '{}' }],
  ['with another media type', { headers: { 'Content-Type': 'text/plain' }, body: 'x' }],
  ['with a body that is too large', { headers: json, body: `{"title":"${'x'.repeat(70_000)}"}` }],
  ['with Accept: text/html', { headers: { Accept: 'text/html' } }],
];

/** The responses for an absent task, another user's task, a malformed id, and a task that is in the trash, or for a request to the trash in the list. */
const answersOf = async (
  service: Service,
  scheme: UrlScheme,
  request: TaskRequest,
  options: RequestOptions,
) => {
  const [user, other] = [await service.user(), await service.user()];
  const foreign = await keptFor(other, request);
  const elsewhere = await keptFor(user, request.isOfTrash ? {} : { isOfTrash: true });
  const answers: Answer[] = [];
  for (const id of [absentId, foreign, 'malformed', elsewhere])
    answers.push(await perform(user, user.lists[scheme], request, id, options));
  const place = await other.get(`${other.lists.own}${request.isOfTrash ? '/trash' : ''}`);
  expect(idsOf(place)).to.deep.equal([foreign]);
  return answers;
};

const expectEqual = (answers: readonly Answer[]): void => {
  for (const answer of answers) {
    expect(comparable(answer)).to.deep.equal(comparable(answers[0]!));
    expect(answer.headers['vary']).to.match(/\bAuthorization\b/);
  }
};

describeInMemory('404 task_not_found', (service) => {
  for (const scheme of urlSchemes) {
    for (const request of requestsOfOneTask) {
      for (const [what, options] of refusedBefore) {
        it(`given ${request.name} ${what} of an absent, foreign, malformed or elsewhere kept id: the same response (${scheme} URL scheme)`, async () => {
          expectEqual(await answersOf(service(), scheme, request, options));
        });
      }
    }

    for (const id of malformedIds) {
      it(`given the id ${id.slice(0, 50)}: 404 (${scheme} URL scheme)`, async () => {
        const user = await service().user();
        for (const request of requestsOfOneTask) {
          // `/trash/complete` is the path of a completion, of the id `trash`.
          if (request.path === '/trash/{id}' && id === 'complete') continue;
          for (const suffix of ['', '/', '?status=nonsense', '/?limit=0']) {
            const target = targetOf(user.lists[scheme], request, id) + suffix;
            const options = request.json === undefined ? {} : { json: request.json };
            const answer = await user.send(request.method, target, options);
            expect(answer.status, `${request.name} ${suffix}`).to.equal(404);
            if (request.method !== 'HEAD') expect(problemOf(answer).code).to.equal('task_not_found');
          }
        }
      });
    }
  }
});

describeOnEachStore('404 task_not_found', (service) => {
  for (const scheme of urlSchemes) {
    for (const request of requestsOfOneTask) {
      for (const [what, options] of reachStore) {
        it(`given ${request.name} ${what} of an absent, foreign, malformed or elsewhere kept id: the same response (${scheme} URL scheme)`, async () => {
          const answers = await answersOf(service(), scheme, request, options);
          expectEqual(answers);
          for (const answer of answers) {
            expect(answer.status).to.equal(404);
            if (request.method !== 'HEAD') expect(problemOf(answer).code).to.equal('task_not_found');
          }
        });
      }
    }

    for (const request of conditionalWrites) {
      it(`given ${request.name} of an absent task with If-Match: 404, not 412 (${scheme} URL scheme)`, async () => {
        const user = await service().user();
        for (const tag of ['"99"', 'W/"1"', '*', '"1", "2"']) {
          const options = { headers: { 'If-Match': tag } };
          const answer = await perform(user, user.lists[scheme], request, absentId, options);
          expect(answer.status, tag).to.equal(404);
        }
      });
    }
  }

  it('given /api/tasks/tasks, also for the user tasks: 404, the id tasks is malformed', async () => {
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
