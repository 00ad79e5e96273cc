import { Validator } from '@seriousme/openapi-schema-validator';
import { expect } from 'chai';
import { z } from 'zod';
import packageJson from '../../../package.json' with { type: 'json' };
import { apiResources } from '../../../src/interfaces/http/api-resources.ts';
import { taskUrlSchemes } from '../../../src/interfaces/http/tasks/task-url-schemes.ts';
import { catalogue } from '../../../src/interfaces/http/problems/catalogue.ts';
import { operationsOf, readOpenApi, type OpenApi, type Operation } from '../../support/http/openapi.ts';
import { problemOf } from '../../support/http/response-schemas.ts';
import { ownService } from '../../support/http/suites.ts';

describe('200 /openapi.json', () => {
  const service = ownService();
  let document: OpenApi;
  before(async () => {
    document = readOpenApi((await service().anonymous.get('/openapi.json')).text);
  });

  it('given no token: 200; given its ETag in If-None-Match: 304', async () => {
    const answer = await service().anonymous.get('/openapi.json/');
    expect(answer.status).to.equal(200);
    expect(answer.headers['content-type']).to.equal('application/json; charset=utf-8');
    expect(answer.headers['cache-control']).to.equal('no-cache');
    const again = await service().anonymous.get('/openapi.json', {
      headers: { 'if-none-match': answer.headers['etag'] ?? '' },
    });
    expect(again.status).to.equal(304);
    expect(again.headers).to.include({ etag: answer.headers['etag'], 'cache-control': 'no-cache' });
  });

  it('given HEAD: the headers of GET; given POST: 405', async () => {
    const head = await service().anonymous.head('/openapi.json');
    const answer = await service().anonymous.get('/openapi.json');
    expect(head.headers).to.include({
      etag: answer.headers['etag'],
      'content-length': String(answer.body.length),
    });
    const refused = await service().anonymous.post('/openapi.json', {});
    expect(refused.status).to.equal(405);
    expect(refused.headers['allow']).to.equal('GET, HEAD, OPTIONS');
  });

  it('given the document: valid OpenAPI 3.1 with the version of the service', async () => {
    const { text } = await service().anonymous.get('/openapi.json');
    const unresolved = z.looseObject({}).parse(JSON.parse(text));
    expect(await new Validator().validate(unresolved)).to.deep.equal({ valid: true });
    expect(document.openapi).to.match(/^3\.1\./);
    expect(document.info.version).to.equal(packageJson.version);
  });

  it('given the endpoints and pages of the service: all are documented in every URL scheme, and no others', () => {
    const resources = apiResources(service().get('useCases'));
    const expected = resources.flatMap((resource) =>
      resource.urlSchemes.flatMap(({ template }) =>
        resource.endpoints.map(({ method, path }) => `${method} ${template}${path}`),
      ),
    );
    const found = operationsOf(document).map(({ method, path }) => `${method} ${path}`);
    expect(found).to.have.members([
      ...expected,
      'GET /',
      'GET /health',
      'GET /health/live',
      'GET /health/ready',
      'GET /docs',
      'GET /openapi.json',
    ]);
  });

  it('given each documented operation: it is routed', async () => {
    const user = await service().user();
    for (const { method, path } of operationsOf(document)) {
      const target = path.replace('{user_id}', user.id).replace('{id}', 'none');
      const answer = await user.send(method, target);
      const code = answer.status < 400 ? '' : problemOf(answer).code;
      expect(code, `${method} ${target}`).not.to.be.oneOf(['not_found', 'method_not_allowed', 'not_owner']);
    }
  });

  it('given all operations: unique operation ids and described tags', () => {
    const operations = operationsOf(document).map(({ operation }) => operation);
    const names = operations.map(({ operationId }) => operationId);
    expect(new Set(names).size).to.equal(names.length);
    expect(names).to.include.members(['listTasks', 'listTasksOfUser', 'getHealth']);
    const tags = operations.flatMap((operation) => operation.tags);
    expect([...new Set(tags)]).to.have.members(document.tags.map(({ name }) => name));
  });

  it('given the tags: tasks come first, then the account and the pages', () => {
    expect(document.tags.map(({ name }) => name)).to.deep.equal([
      'Tasks',
      'Tasks of a user',
      'Account',
      'Operations',
    ]);
    expect(Object.keys(document.paths)[0]).to.equal('/api/tasks');
  });

  it('given all operations: a token is required only below /api', () => {
    expect(document.security).to.deep.equal([{ bearer: [] }]);
    for (const { path, operation } of operationsOf(document))
      expect(operation.security, path).to.deep.equal(path.startsWith('/api/') ? undefined : []);
  });

  it('given paths and lists: all parameters are documented', () => {
    for (const { path, operation } of operationsOf(document)) {
      const inPath = operation.parameters.filter((parameter) => parameter.in === 'path');
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(
        inPath.map(({ name }) => name),
        path,
      ).to.have.members(names);
    }
    for (const { template } of taskUrlSchemes) {
      const names = document.paths[template]?.['get']?.parameters.map(({ name }) => name);
      expect(names).to.have.members(
        [...listParameters, 'If-None-Match', 'X-Request-Id'].concat(
          template.includes('{') ? ['user_id'] : [],
        ),
      );
    }
  });

  it('given each problem code: documented, and only under its status', () => {
    const statuses = new Map<string, Set<number>>();
    for (const { operation } of operationsOf(document))
      for (const status of Object.keys(operation.responses).map(Number))
        for (const code of codesOf(operation, status))
          statuses.set(code, (statuses.get(code) ?? new Set()).add(status));
    expect([...statuses.keys()]).to.have.members(Object.keys(catalogue));
    for (const [code, { status }] of Object.entries(catalogue)) {
      if (code === 'malformed_request') continue;
      expect([...(statuses.get(code) ?? [])], code).to.deep.equal([status]);
    }
    expect([...(statuses.get('malformed_request') ?? [])]).to.have.members([400, 408, 414, 417, 501, 505]);
  });

  it('given all operations: 403 insufficient_scope below /api, not_owner where the path names a user', () => {
    for (const { path, operation } of operationsOf(document)) {
      const codes = path.startsWith('/api/') ? ['insufficient_scope'] : [];
      if (path.includes('{user_id}')) codes.push('not_owner');
      expect(codesOf(operation, 403), path).to.have.members(codes);
    }
  });

  it('given the writes of tasks: all of them but purges, and no other operation, document Idempotency-Key', () => {
    for (const { path, method, operation } of operationsOf(document)) {
      const isWrite = method !== 'GET' && path.includes('/tasks') && !path.includes('/trash');
      const what = `${method} ${path}`;
      const names = operation.parameters.filter((one) => one.in === 'header').map(({ name }) => name);
      expect(names.includes('Idempotency-Key'), what).to.equal(isWrite);
      const success = Object.entries(operation.responses).find(([status]) => status.startsWith('2'))?.[1];
      expect('Idempotent-Replayed' in (success?.headers ?? {}), what).to.equal(isWrite);
      expect(codesOf(operation, 409).includes('idempotency_key_in_use'), what).to.equal(isWrite);
      expect(codesOf(operation, 422).includes('idempotency_key_reused'), what).to.equal(isWrite);
    }
  });

  it('given all responses: their headers are documented', () => {
    for (const { path, method, operation } of operationsOf(document)) {
      for (const [status, { headers }] of Object.entries(operation.responses)) {
        const what = `${method} ${path} ${status}`;
        expect(headers, what).to.include.keys('X-Request-Id', 'Vary', 'Cache-Control');
        const own = {
          201: 'Location',
          303: 'Location',
          304: 'ETag',
          401: 'WWW-Authenticate',
          405: 'Allow',
          409: 'Retry-After',
          429: 'Retry-After',
        };
        for (const [at, name] of Object.entries(own))
          if (at === status) expect(headers, what).to.have.property(name);
      }
    }
  });
});

/** Section 7 of the contract. */
const listParameters = [
  ...['status', 'completed', 'priority', 'tag', 'tags', 'due_after', 'due_before', 'search', 'q'],
  ...['sort_by', 'sort', 'sort_order', 'order', 'limit', 'page_size', 'per_page', 'cursor'],
  ...['offset', 'skip', 'page', 'count'],
];

const codesOf = ({ responses }: Operation, status: number): string[] =>
  Object.keys(responses[status]?.content?.['application/problem+json']?.examples ?? {});
