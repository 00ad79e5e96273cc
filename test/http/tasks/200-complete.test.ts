import { expect } from 'chai';
import type { RequestOptions } from '../../support/http/http-client.ts';
import { taskOf } from '../../support/http/response-schemas.ts';
import { describeOnEachStore, urlSchemes } from '../../support/http/suites.ts';
import { kept } from '../../support/tasks/task-requests.ts';

const json = { 'Content-Type': 'application/json' };

const toggles: readonly (readonly [what: string, options: RequestOptions])[] = [
  ['no body and no content type', {}],
  ['an empty body', { body: '' }],
  ['an empty body of JSON', { headers: json, body: '' }],
  ['a JSON content type alone', { headers: json }],
  ['an empty body of another type', { headers: { 'Content-Type': 'text/plain' }, body: '' }],
  ['a form content type alone', { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }],
  ['an empty chunked body', { headers: { 'Transfer-Encoding': 'chunked' } }],
  ['an empty chunked body of JSON', { headers: { ...json, 'Transfer-Encoding': 'chunked' } }],
  ['{}', { json: {} }],
  ['{} with blanks', { headers: json, body: ' \r\n\t{ } ' }],
];

const sets: readonly (readonly [completed: boolean, body: string])[] = [
  [true, '{"completed":true}'],
  [false, '{"completed":false}'],
  [true, '{"completed":true,"title":"","user_id":"x","unknown":[]}'],
  [false, '{"completed":true,"completed":false}'],
];

describeOnEachStore('200 complete', (service) => {
  for (const scheme of urlSchemes) {
    for (const [what, options] of toggles) {
      it(`given ${what}: completed is toggled (${scheme} URL scheme)`, async () => {
        const user = await service().user();
        const task = await kept(user);
        const target = `${user.lists[scheme]}/${task.id}/complete`;
        for (const completed of [true, false, true]) {
          const answer = await user.send('PATCH', target, options);
          expect(answer.status, answer.text).to.equal(200);
          expect(taskOf(answer).completed).to.equal(completed);
        }
      });
    }

    for (const [completed, body] of sets) {
      it(`given ${body}, once or twice: completed is ${completed} (${scheme} URL scheme)`, async () => {
        const user = await service().user();
        for (const was of [true, false]) {
          const task = await kept(user, { completed: was, description: 'Two litres' });
          for (let time = 1; time <= 2; time += 1) {
            const answer = await user.send('PATCH', `${user.lists[scheme]}/${task.id}/complete/`, {
              headers: json,
              body,
            });
            expect(answer.status, answer.text).to.equal(200);
            const changed = taskOf(answer);
            expect(changed).to.deep.equal({
              ...task,
              completed,
              updated_at: changed.updated_at,
              revision: task.revision + time,
            });
            expect(answer.headers['etag']).to.equal(`"${changed.revision}"`);
            expect(answer.headers['cache-control']).to.equal('private, no-cache');
          }
        }
      });
    }
  }
});
