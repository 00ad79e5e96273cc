import { expect } from 'chai';
import { problemOf, tasksOf } from '../../../support/http/response-schemas.ts';
import { describeOnEachStore, urlSchemes } from '../../../support/http/suites.ts';
import { kept, perform, requestsWithBody, taskRequests } from '../../../support/tasks/task-requests.ts';

const json = { 'Content-Type': 'application/json' };
const emoji = '😀';

/** JSON members that are refused in any position, and the fields in `errors`. */
const refused: readonly (readonly [what: string, member: string, fields: readonly string[]])[] = [
  ['an empty title', '"title":""', ['title']],
  ['a title of blanks', '"title":" \\t\\n\\u00a0\\u3000\\ufeff"', ['title']],
  ['a title of 201 letters', `"title":"${'a'.repeat(201)}"`, ['title']],
  ['a title of 201 emoji', `"title":"${emoji.repeat(201)}"`, ['title']],
  ['a title of 201 combining marks', `"title":"${'\u0301'.repeat(201)}"`, ['title']],
  ['a title of null', '"title":null', ['title']],
  ['a title of a number', '"title":5', ['title']],
  ['a title of true', '"title":true', ['title']],
  ['a title of an array', '"title":["x"]', ['title']],
  ['a title of an object', '"title":{"a":"x"}', ['title']],
  ['a title of deep nesting', `"title":${'['.repeat(20_000)}${']'.repeat(20_000)}`, ['title']],
  ['a title with U+0000', '"title":"a\\u0000b"', ['title']],
  ['a title of U+0000', '"title":"\\u0000"', ['title']],
  ['a title with a high surrogate', '"title":"a\\ud800b"', ['title']],
  ['a title with a low surrogate', '"title":"a\\udc00b"', ['title']],
  ['a title with surrogates in the wrong order', '"title":"\\ude00\\ud83d"', ['title']],
  ['a title that ends with a high surrogate', '"title":"a\\ud83d"', ['title']],
  ['a title with a high surrogate before a surrogate pair', '"title":"\\ud83d\\ud83d\\ude00"', ['title']],
  ['a description of 1001 letters', `"description":"${'a'.repeat(1001)}"`, ['description']],
  ['a description of 1001 emoji', `"description":"${emoji.repeat(1001)}"`, ['description']],
  ['a description of 1001 blanks', `"description":"${' '.repeat(1001)}"`, ['description']],
  ['a description of a number', '"description":0', ['description']],
  ['a description of false', '"description":false', ['description']],
  ['a description of an array', '"description":[]', ['description']],
  ['a description of an object', '"description":{}', ['description']],
  ['a description with U+0000', '"description":"\\u0000"', ['description']],
  ['a description with a lone surrogate', '"description":"\\udfff"', ['description']],
  ['completed of null', '"completed":null', ['completed']],
  ['completed of a string', '"completed":"true"', ['completed']],
  ['completed of an empty string', '"completed":""', ['completed']],
  ['completed of 1', '"completed":1', ['completed']],
  ['completed of 0', '"completed":0', ['completed']],
  ['completed of an array', '"completed":[true]', ['completed']],
  ['completed of an object', '"completed":{}', ['completed']],
  ['a priority of another word', '"priority":"urgent"', ['priority']],
  ['a priority in upper case', '"priority":"HIGH"', ['priority']],
  ['an empty priority', '"priority":""', ['priority']],
  ['a priority of a number', '"priority":1', ['priority']],
  ['a priority of an array', '"priority":["high"]', ['priority']],
  ...[
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-11-31',
    '2026-1-1',
    '20261130',
    '30.11.2026',
    '1969-12-31',
    '10000-01-01',
    '+02026-11-30',
    ' 2026-11-30',
    '2026-11-30 ',
    '2026-11-30T',
    '2026-11-30T08',
    '2026-11-30T0800',
    '2026-11-30T24:00:00Z',
    '2026-11-30T23:60:00Z',
    '2026-11-30T23:59:60Z',
    '2026-11-30T08:00:00.Z',
    '2026-11-30T08:00:00,5Z',
    '2026-11-30T08:00:00+1:00',
    '2026-11-30T08:00:00+01',
    '2026-11-30T08:00:00+0100',
    '2026-11-30T08:00:00+24:00',
    '2026-11-30T08:00:00 Z',
    '2026-11-30T08:00:00ZZ',
    '2026-02-30T08:00:00Z',
    '1970-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01',
    '2026-11-30T٠٨:00:00Z',
    'tomorrow',
  ].map((due) => [`a due date of ${due}`, `"due_date":${JSON.stringify(due)}`, ['due_date']] as const),
  ['a due date of a number', '"due_date":1764489600000', ['due_date']],
  ['a due date of an object', '"due_date":{}', ['due_date']],
  ['tags of a string', '"tags":"home"', ['tags']],
  ['tags of an object', '"tags":{"0":"home"}', ['tags']],
  ['an empty tag', '"tags":["home",""]', ['tags.1']],
  ['a tag of blanks', '"tags":[" \\t\\u00a0"]', ['tags.0']],
  ['a tag of 51 emoji', `"tags":["${emoji.repeat(51)}"]`, ['tags.0']],
  ['a tag of null', '"tags":["home",null]', ['tags.1']],
  ['a tag of a number', '"tags":[1]', ['tags.0']],
  ['a tag with U+0000', '"tags":["a\\u0000b"]', ['tags.0']],
  ['a tag with a lone surrogate', '"tags":["a\\ud800"]', ['tags.0']],
  ['two invalid tags', '"tags":["","home",5]', ['tags.0', 'tags.2']],
  ['21 tags', `"tags":${JSON.stringify(Array.from({ length: 21 }, (_, n) => `t${n}`))}`, ['tags']],
  [
    'every member invalid',
    '"title":"","description":5,"completed":null,"priority":"x","due_date":"x","tags":5',
    ['title', 'description', 'completed', 'priority', 'due_date', 'tags'],
  ],
  ['duplicate titles with an invalid last one', '"title":"good","title":""', ['title']],
];

describeOnEachStore('422 invalid_task', (service) => {
  for (const request of requestsWithBody) {
    for (const [what, member, fields] of refused) {
      it(`given ${request.name} with ${what}: errors for ${fields.join(', ')}, nothing written`, async () => {
        const user = await service().user();
        const task = await kept(user);
        const good = fields.includes('title') ? '' : '"title":"good",';
        for (const scheme of urlSchemes) {
          const options = { headers: json, body: `{${good}${member}}` };
          const answer = await perform(user, user.lists[scheme], request, task.id, options);
          expect(answer.status, answer.text).to.equal(422);
          const problem = problemOf(answer);
          expect(problem.code).to.equal('invalid_task');
          expect(problem.errors?.map(({ field }) => field)).to.deep.equal(fields);
          for (const { field, message } of problem.errors ?? [])
            expect(problem.detail).to.include(`${field} ${message}`);
        }
        expect(tasksOf(await user.get(user.lists.own))).to.deep.equal([task]);
        expect((await kept(user)).revision).to.equal(2);
      });
    }
  }

  for (const [body, fields] of [
    ['{}', ['title']],
    ['{"description":null}', ['title']],
    ['{"Title":"x"}', ['title']],
    ['{"__proto__":{"title":"x"}}', ['title']],
    ['{"description":1,"completed":"x"}', ['title', 'description', 'completed']],
  ] as const) {
    it(`given create with ${body}: errors for ${fields.join(', ')}`, async () => {
      const user = await service().user();
      for (const scheme of urlSchemes) {
        const answer = await user.send('POST', user.lists[scheme], { headers: json, body });
        expect(answer.status).to.equal(422);
        expect(problemOf(answer).errors?.map(({ field }) => field)).to.deep.equal(fields);
      }
    });
  }

  const empty = [
    '{}',
    '{"user_id":"x"}',
    '{"id":"x","revision":1}',
    '{"Title":"x"}',
    '{"__proto__":{"title":"x"}}',
    '{"constructor":{"title":"x"}}',
  ];
  for (const request of requestsWithBody.filter(({ name }) => name !== 'create')) {
    for (const body of empty) {
      it(`given ${request.name} with ${body}, without a known member: 422, nothing written`, async () => {
        const user = await service().user();
        const task = await kept(user);
        for (const scheme of urlSchemes) {
          const answer = await perform(user, user.lists[scheme], request, task.id, { headers: json, body });
          expect(answer.status, answer.text).to.equal(422);
          expect(problemOf(answer).code).to.equal('invalid_task');
          const field = request.name === 'complete' ? 'completed' : 'body';
          expect(problemOf(answer).errors?.map((one) => one.field)).to.deep.equal([field]);
        }
        expect(tasksOf(await user.get(user.lists.own))).to.deep.equal([task]);
      });
    }
  }

  const completions = [
    '{"completed":null}',
    '{"completed":"true"}',
    '{"completed":1}',
    '{"completed":[]}',
    '{"completed":true,"completed":null}',
    '{"title":"x"}',
    '{"done":true}',
    '{"Completed":true}',
    '{"__proto__":{"completed":true}}',
    '{"__proto__":null}',
    '{"__proto__":1}',
    '{"constructor":{}}',
    '{"":0}',
  ];
  const complete = taskRequests.filter(({ name }) => name === 'complete');
  for (const request of complete) {
    for (const body of completions) {
      it(`given complete with ${body}: an error for completed, nothing written`, async () => {
        const user = await service().user();
        const task = await kept(user);
        for (const scheme of urlSchemes) {
          const answer = await perform(user, user.lists[scheme], request, task.id, { headers: json, body });
          expect(answer.status, answer.text).to.equal(422);
          expect(problemOf(answer).code).to.equal('invalid_task');
          expect(problemOf(answer).errors?.map(({ field }) => field)).to.deep.equal(['completed']);
        }
        expect(tasksOf(await user.get(user.lists.own))).to.deep.equal([task]);
      });
    }
  }
});
