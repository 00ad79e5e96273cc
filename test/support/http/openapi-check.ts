import { once } from 'node:events';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { loadSettings } from '../../../src/config/load-settings.ts';
import { compose } from '../../../src/bootstrap/container.ts';
import type { Answer } from './http-client.ts';
import { readOpenApi, schemasOf, type OpenApi } from './openapi.ts';
import type { SentRequest } from './response-schemas.ts';
import { testSecret } from '../tokens/tokens.ts';

/** Throws if status, header fields or body of a response are not as `/openapi.json` documents them. */
type CheckResponse = (sent: SentRequest, answer: Answer) => void;

let loading: Promise<CheckResponse> | null = null;

/** Checks against the document of a separate service, so that the service under test gets no additional request. */
export const openApiCheck = (): Promise<CheckResponse> =>
  (loading ??= readDocument().then((document) => responseCheckerFor(document)));

const readDocument = async (): Promise<OpenApi> => {
  const DATABASE_URL = 'postgres://nobody@127.0.0.1:1/nothing';
  const settings = loadSettings({
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    DATABASE_URL,
    BETTER_AUTH_SECRET: testSecret,
  });
  await using service = await compose({ ...settings, database: { ...settings.database, url: DATABASE_URL } });
  service.server.listen(0, '127.0.0.1');
  await once(service.server, 'listening');
  const bound = service.server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  const answer = await fetch(`http://127.0.0.1:${port}/openapi.json`, { headers: { connection: 'close' } });
  const text = await answer.text();
  service.server.close();
  return readOpenApi(text);
};

export const responseCheckerFor = (document: OpenApi): CheckResponse => {
  const compile = schemasOf(document);
  const validators = new Map<object, ValidateFunction>();
  const validatorOf = (schema: object): ValidateFunction => {
    const validator = validators.get(schema) ?? compile(schema);
    validators.set(schema, validator);
    return validator;
  };
  const check = (schema: object, value: unknown, what: string): void => {
    const validate = validatorOf(schema);
    if (!validate(value)) throw new Error(`${what}: ${JSON.stringify(validate.errors)}`);
  };
  // Literal segments are matched before parameters, as in the router.
  const templates = Object.keys(document.paths).sort((a, b) =>
    a.replaceAll('{', '~') < b.replaceAll('{', '~') ? -1 : 1,
  );

  return (sent, answer) => {
    const template = templates.find((candidate) => matches(candidate, sent.target));
    if (template === undefined) return;
    const methods = document.paths[template];
    const operation = methods?.[sent.method === 'HEAD' ? 'get' : sent.method.toLowerCase()];
    if (operation === undefined) return;
    const what = `${sent.method} ${template}: ${answer.status}`;
    const response = operation.responses[String(answer.status)];
    if (response === undefined) throw new Error(`${what} is not documented`);
    for (const [name, { required, schema }] of Object.entries(response.headers)) {
      const value = answer.headers[name.toLowerCase()];
      if (required) expect(value, `${what}: ${name}`).to.be.a('string');
      if (value !== undefined)
        check(schema, schema['type'] === 'integer' ? Number(value) : value, `${what}: ${name}`);
    }
    if (sent.method === 'HEAD') return;
    const type = answer.headers['content-type']?.split(';')[0] ?? '';
    if (response.content === undefined) {
      expect(answer.text, what).to.equal('');
      return;
    }
    const media = response.content[type];
    if (media === undefined) throw new Error(`${what} is not documented as ${type}`);
    check(media.schema, type.endsWith('json') ? JSON.parse(answer.text) : answer.text, what);
  };
};

const matches = (template: string, target: string): boolean => {
  const path = target.replace(/\?.*$/s, '').replace(/(?<=[^/])\/$/, '');
  const [expected, actual] = [template.split('/'), path.split('/')];
  if (expected.length !== actual.length) return false;
  return expected.every((segment, index) => {
    const text = decoded(actual[index] ?? '');
    return text !== null && (segment.startsWith('{') ? text !== '' : segment === text);
  });
};

const decoded = (segment: string): string | null => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
};
