import { once } from 'node:events';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { loadConfig } from '../../../src/config/config.ts';
import { compose } from '../../../src/bootstrap/container.ts';
import type { Answer } from './http-client.ts';
import { readOpenApi, schemasOf, type OpenApi } from './openapi.ts';
import type { Asked } from './promises.ts';
import { testSecret } from '../tokens/tokens.ts';

/** Throws where an answer is not what `/openapi.json` says of it: its status, its header fields, its body. */
export type CheckDocumented = (asked: Asked, answer: Answer) => void;

let loading: Promise<CheckDocumented> | null = null;

/** Against the document as a service gives it: one of its own, so that those under test are asked for nothing. */
export const documented = (): Promise<CheckDocumented> =>
  (loading ??= readDocument().then((document) => checkerOf(document)));

const readDocument = async (): Promise<OpenApi> => {
  const DATABASE_URL = 'postgres://nobody@127.0.0.1:1/nothing';
  const config = loadConfig({
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    DATABASE_URL,
    BETTER_AUTH_SECRET: testSecret,
  });
  await using service = await compose({ ...config, DATABASE_URL });
  service.server.listen(0, '127.0.0.1');
  await once(service.server, 'listening');
  const bound = service.server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  const answer = await fetch(`http://127.0.0.1:${port}/openapi.json`, { headers: { connection: 'close' } });
  const text = await answer.text();
  service.server.close();
  return readOpenApi(text);
};

export const checkerOf = (document: OpenApi): CheckDocumented => {
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
  // Literal segments go before named ones, as in the router.
  const templates = Object.keys(document.paths).sort((a, b) =>
    a.replaceAll('{', '~') < b.replaceAll('{', '~') ? -1 : 1,
  );

  return (asked, answer) => {
    const template = templates.find((candidate) => fits(candidate, asked.target));
    if (template === undefined) return;
    const methods = document.paths[template];
    const operation = methods?.[asked.method === 'HEAD' ? 'get' : asked.method.toLowerCase()];
    if (operation === undefined) return;
    const what = `${asked.method} ${template}: ${answer.status}`;
    const response = operation.responses[String(answer.status)];
    if (response === undefined) throw new Error(`${what} is not documented`);
    for (const [name, { required, schema }] of Object.entries(response.headers)) {
      const value = answer.headers[name.toLowerCase()];
      if (required) expect(value, `${what}: ${name}`).to.be.a('string');
      if (value !== undefined)
        check(schema, schema['type'] === 'integer' ? Number(value) : value, `${what}: ${name}`);
    }
    if (asked.method === 'HEAD') return;
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

const fits = (template: string, target: string): boolean => {
  const path = target.replace(/\?.*$/s, '').replace(/(?<=[^/])\/$/, '');
  const [wanted, given] = [template.split('/'), path.split('/')];
  if (wanted.length !== given.length) return false;
  return wanted.every((segment, index) => {
    const text = decoded(given[index] ?? '');
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
