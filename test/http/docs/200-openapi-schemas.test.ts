import { expect } from 'chai';
import { maxUserIdLength } from '../../../src/domain/user.ts';
import { maxTagLength, maxTags } from '../../../src/domain/tags.ts';
import { maxDescriptionLength, maxTitleLength } from '../../../src/domain/task.ts';
import { memoryTaskRepository } from '../../../src/infrastructure/memory/task-repository.ts';
import type { ProblemCode } from '../../../src/interfaces/http/problems/catalogue.ts';
import { problemMediaType } from '../../../src/interfaces/http/problems/problem.ts';
import { problemSchema, type ProblemResource } from '../../../src/interfaces/http/problems/problem-schema.ts';
import { aTask } from '../../../src/interfaces/http/tasks/task-examples.ts';
import { maxLimit } from '../../../src/interfaces/task-representation/lists/list-parameters.ts';
import type { Answer } from '../../support/http/http-client.ts';
import { operationsOf, readOpenApi, schemasOf, type OpenApi } from '../../support/http/openapi.ts';
import { problemOf, taskOf } from '../../support/http/response-schemas.ts';
import { startService } from '../../support/http/service.ts';
import { ownService } from '../../support/http/suites.ts';

describe('200 /openapi.json: schemas and examples', () => {
  const service = ownService();
  let document: OpenApi;
  let compile: ReturnType<typeof schemasOf>;
  before(async () => {
    document = readOpenApi((await service().anonymous.get('/openapi.json')).text);
    compile = schemasOf(document);
  });

  it('given all schemas: each is valid JSON Schema', () => {
    for (const schema of Object.values(document.components.schemas)) compile(schema);
    for (const { operation } of operationsOf(document)) {
      for (const { schema } of operation.parameters) compile(schema);
    }
  });

  it('given the schemas of tasks and problems: required lists the members that are always present', () => {
    const { Task, Problem, TaskDraft, TaskChange } = document.components.schemas;
    expect(Task?.['required']).to.have.members(Object.keys(aTask));
    expect(Problem?.['required']).to.have.members([
      'type',
      'title',
      'status',
      'code',
      'detail',
      'request_id',
    ]);
    expect(TaskDraft?.['required']).to.deep.equal(['title']);
    expect(TaskChange).not.to.have.property('required');
  });

  it('given texts and numbers at and over the limits of the domain: allowed and refused', () => {
    const draft = compile({ $ref: '#/components/schemas/TaskDraft' });
    const description = (length: number) => draft({ title: 'a', description: '😀'.repeat(length) });
    expect([description(maxDescriptionLength), description(maxDescriptionLength + 1)]).to.deep.equal([
      true,
      false,
    ]);
    const { parameters = [] } = document.paths['/api/{user_id}/tasks']?.['get'] ?? {};
    const user = compile(parameters.find(({ name }) => name === 'user_id')?.schema ?? {});
    expect([user('😀'.repeat(maxUserIdLength)), user('a'.repeat(maxUserIdLength + 1))]).to.deep.equal([
      true,
      false,
    ]);
    const limit = parameters.find(({ name }) => name === 'limit');
    expect(limit?.schema).to.include({
      type: 'integer',
      minimum: 1,
      maximum: maxLimit,
      default: maxLimit,
    });
  });

  it('given a body: the schema allows it if and only if the service accepts it', async () => {
    const user = await service().user();
    const send = {
      TaskDraft: (_: string, body: unknown) => user.post('/api/tasks', body),
      TaskChange: (id: string, body: unknown) => user.put(`/api/tasks/${id}`, body),
      TaskCompletion: (id: string, body: unknown) => user.patch(`/api/tasks/${id}/complete`, body),
    };
    const bodies: readonly (readonly [keyof typeof send, unknown])[] = [
      ['TaskDraft', {}],
      ['TaskDraft', { title: '' }],
      ['TaskDraft', { title: ' \t\u00a0\ufeff\n' }],
      ['TaskDraft', { title: '\0' }],
      ['TaskDraft', { title: ' x\n' }],
      ['TaskDraft', { title: ` ${'😀'.repeat(maxTitleLength)}\n` }],
      ['TaskDraft', { title: 'x', tags: Array.from({ length: maxTags + 1 }, () => 'home') }],
      ['TaskDraft', { title: 'x', tags: [` ${'😀'.repeat(maxTagLength)}\n`] }],
      ['TaskDraft', { title: 'x', description: 'a\0b' }],
      ['TaskDraft', { title: 'x', description: null, completed: true }],
      ['TaskDraft', { title: 'x', description: 1 }],
      ['TaskDraft', { title: 'x', completed: null }],
      ['TaskDraft', { title: 'x', id: 7, revision: 'y' }],
      ['TaskChange', {}],
      ['TaskChange', { id: 7 }],
      ['TaskChange', { id: 7, completed: true }],
      ['TaskChange', { description: null }],
      ['TaskChange', { description: '' }],
      ['TaskChange', { title: null }],
      ['TaskChange', { title: ` ${'😀'.repeat(maxTitleLength)}\n` }],
      ['TaskCompletion', {}],
      ['TaskCompletion', { completed: false }],
      ['TaskCompletion', { completed: false, id: 7 }],
      ['TaskCompletion', { id: 7 }],
      ['TaskCompletion', { completed: 'true' }],
    ];
    for (const [name, body] of bodies) {
      const { id } = taskOf(await user.post('/api/tasks', { title: 'before' }));
      const answer = await send[name](id, body);
      const allowed = compile({ $ref: `#/components/schemas/${name}` })(body);
      expect(answer.status, `${name} ${JSON.stringify(body)}`).to.be.oneOf(allowed ? [200, 201] : [422]);
    }
  });

  it('given each request example: the service accepts it, and its response matches the schema', async () => {
    const user = await service().user();
    let requests = 0;
    for (const { path, method, operation } of operationsOf(document)) {
      const { schema, examples = {} } = operation.requestBody?.content['application/json'] ?? { schema: {} };
      for (const [name, { value }] of Object.entries(examples)) {
        const what = `${method} ${path} ${name}`;
        expect(compile(schema)(value), what).to.be.true;
        const { id } = taskOf(await user.post('/api/tasks', { title: 'before' }));
        const target = path.replace('{user_id}', user.id).replace('{id}', id);
        const answer = await user.send(method, target, { json: value });
        expect(answer.status, what).to.be.oneOf([200, 201]);
        const answered = operation.responses[answer.status]?.content?.['application/json'];
        expect(compile(answered?.schema ?? {})(JSON.parse(answer.text)), what).to.be.true;
        expect(compile(answered?.schema ?? {})(answered?.example), what).to.be.true;
        requests += 1;
      }
    }
    expect(requests).to.be.greaterThan(10);
  });

  it('given each problem example: it matches its schema, code and status', () => {
    for (const { path, method, operation } of operationsOf(document)) {
      for (const [status, { content }] of Object.entries(operation.responses)) {
        const media = content?.[problemMediaType];
        if (media === undefined) continue;
        const validate = compile(media.schema);
        const examples = Object.entries(media.examples ?? {});
        expect(examples, `${method} ${path} ${status}`).not.to.be.empty;
        for (const [code, { value }] of examples) {
          const what = `${method} ${path} ${status} ${code}: `;
          expect(validate(value), what + JSON.stringify(validate.errors)).to.be.true;
          expect(value).to.include({ code, status: Number(status) });
        }
      }
    }
  });

  it('given requests that fail: the problem examples are equal to the problems returned', async () => {
    const user = await service().user();
    const { id } = taskOf(await user.post('/api/tasks', { title: 'a' }));
    const task = `/api/tasks/${id}`;
    const authorization = `Bearer ${user.token}`;
    const returned: Partial<Record<ProblemCode, Answer | undefined>> = {
      malformed_json: await user.post('/api/tasks', []),
      malformed_request: await user.get('/api/tasks/%zz'),
      unauthenticated: await service().anonymous.get(task, { headers: { authorization: 'Bearer no' } }),
      not_owner: await user.get('/api/somebody/tasks'),
      task_not_found: await user.get('/api/tasks/none'),
      not_found: await user.get('/api/none'),
      method_not_allowed: await user.delete('/api/tasks'),
      not_acceptable: await user.get(task, { headers: { accept: 'text/html' } }),
      revision_mismatch: await user.delete(task, { headers: { 'if-match': '"7"' } }),
      body_too_large: await user.post('/api/tasks', { title: 'a'.repeat(70_000) }),
      unsupported_media_type: await user.send('POST', '/api/tasks', { body: 'title=a' }),
      invalid_task: await user.post('/api/tasks', { title: '', completed: null }),
      invalid_query: await user.get('/api/tasks?limit=0'),
      invalid_cursor: await user.get('/api/tasks?cursor=none'),
      headers_too_large: (
        await service().raw(
          `GET ${task} HTTP/1.1\r\nHost: a\r\nAuthorization: ${authorization}\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`,
        )
      ).answers[0],
    };
    const shown = shownProblems(document);
    for (const [code, answer] of Object.entries(returned)) {
      const example = shown[code];
      if (answer === undefined) throw new Error(`No response: ${code}`);
      const { current, ...rest } = problemOf(answer);
      // `current` is another task than in the example.
      const shownCurrent = current === undefined ? {} : { current: example?.current };
      expect({ ...rest, ...shownCurrent, request_id: example?.request_id }).to.deep.equal(example);
    }
  });

  it('given 500 and 429: the problem examples have the details returned', async () => {
    const fail = () => Promise.reject(new Error('a bug'));
    const broken = { ...memoryTaskRepository(), list: fail };
    await using limited = await startService({
      environment: { RATE_LIMIT_MAX: '1' },
      overrides: { tasks: broken },
    });
    const user = await limited.user();
    const shown = shownProblems(document);
    const failed = problemOf(await user.get('/api/tasks'));
    expect(failed).to.include({ code: 'internal_error', detail: shown['internal_error']?.detail });
    const refused = problemOf(await user.get('/api/tasks'));
    const seconds = (detail = '') => detail.replace(/\d+ s/, 'n s');
    expect(refused.code).to.equal('rate_limited');
    expect(seconds(refused.detail)).to.equal(seconds(shown['rate_limited']?.detail));
  });
});

const shownProblems = (document: OpenApi): Readonly<Record<string, ProblemResource>> =>
  Object.fromEntries(
    operationsOf(document).flatMap(({ operation }) =>
      Object.values(operation.responses).flatMap(({ content }) =>
        Object.entries(content?.[problemMediaType]?.examples ?? {}).flatMap(([code, { value }]) => {
          const problem = problemSchema.parse(value);
          return problem.code !== 'malformed_request' || problem.status === 400 ? [[code, problem]] : [];
        }),
      ),
    ),
  );
