import { expect } from 'chai';
import { z } from 'zod';
import { aliases } from '../../../src/interfaces/task-representation/lists/list-parameters.ts';
import { operationsOf, readOpenApi, schemasOf, type OpenApi } from '../../support/http/openapi.ts';
import { ownService } from '../../support/http/suites.ts';

const listParameter = z.looseObject({
  name: z.string(),
  in: z.string(),
  description: z.string().min(1),
  required: z.literal(false).optional(),
  explode: z.boolean().optional(),
  schema: z.looseObject({
    type: z.enum(['string', 'integer', 'boolean', 'array']),
    default: z.unknown().optional(),
    examples: z.array(z.unknown()).optional(),
  }),
});
type ListParameter = z.infer<typeof listParameter>;

/** A value as a client writes it to a query: the elements of an array are separated by commas. */
const written = (value: unknown): string => encodeURIComponent(String(value));

describe('200 /openapi.json: parameters of lists', () => {
  const service = ownService();
  let parameters: readonly ListParameter[];
  let compile: ReturnType<typeof schemasOf>;
  before(async () => {
    const document: OpenApi = readOpenApi((await service().anonymous.get('/openapi.json')).text);
    compile = schemasOf(document);
    const all = document.paths['/api/tasks']?.['get']?.parameters ?? [];
    parameters = all.filter((one) => one.in === 'query').map((one) => listParameter.parse(one));
  });
  const named = (name: string): ListParameter => {
    const found = parameters.find((parameter) => parameter.name === name);
    if (found === undefined) throw new Error(`No parameter ${name}`);
    return found;
  };

  it('given the defaults of all parameters in one request, as the documentation page sends it: the default list', async () => {
    const user = await service().user();
    await user.post('/api/tasks', { title: 'Buy milk' });
    const defaults = parameters.filter(({ schema }) => 'default' in schema);
    expect(defaults.map(({ name }) => name)).to.have.members(['status', 'sort_by', 'limit', 'count']);
    const query = defaults.map(({ name, schema }) => `${name}=${written(schema.default)}`).join('&');
    const answer = await user.get(`/api/tasks?${query}`);
    expect([answer.status, answer.text]).to.deep.equal([200, (await user.get('/api/tasks')).text]);
  });

  it('given each example and default: it is valid, and the service accepts it', async () => {
    const user = await service().user();
    let examples = 0;
    for (const { name, schema } of parameters) {
      const values = [...(schema.examples ?? []), ...('default' in schema ? [schema.default] : [])];
      for (const value of values) {
        expect(compile(schema)(value), name).to.be.true;
        expect((await user.get(`/api/tasks?${name}=${written(value)}`)).status, name).to.equal(200);
        examples += 1;
      }
    }
    expect(examples).to.be.above(10);
  });

  it('given arrays: separated by commas', () => {
    const arrays = parameters.filter(({ schema }) => schema.type === 'array');
    expect(arrays.map(({ name, explode }) => [name, explode])).to.deep.equal([
      ['priority', false],
      ['tags', false],
    ]);
  });

  it('given another name of a parameter: its schema, without default and example, and which parameter it is', () => {
    for (const [alias, name] of Object.entries(aliases)) {
      const { description, schema } = named(alias);
      expect(description).to.equal(`Another name of \`${name}\`, not together with it.`);
      const expected = Object.entries({ ...named(name).schema, description }).filter(
        ([keyword]) => keyword !== 'default' && keyword !== 'examples',
      );
      expect(schema, alias).to.deep.equal(Object.fromEntries(expected));
    }
  });

  it('given a value: the schema allows it if and only if the service accepts it', async () => {
    const user = await service().user();
    const values: Readonly<Record<string, readonly unknown[]>> = {
      status: ['all', 'pending', 'completed', 'done', ''],
      completed: [true, false, 'yes'],
      priority: [['low'], ['low', 'high'], ['urgent'], ['low', '']],
      tag: ['home', ` ${'😀'.repeat(50)}\n`, 'a,b', '', ' ', '\0'],
      tags: [['home'], ['home', 'work'], [''], ['home', ' '], ['\0']],
      due_after: ['2026-11-30', '2026-11-30T08:00Z', '', 'tomorrow'],
      due_before: ['2026-11-30', '2026-11-30T08:00', '', '1'],
      search: ['milk', '%', ` ${'😀'.repeat(200)}\n`, '', '  ', '\0'],
      sort_by: ['created_at', 'createdAt', 'due', 'title', 'id', ''],
      sort_order: ['asc', 'desc', 'ASC', ''],
      limit: [1, 1000, 0, 1001, 1.5, -1],
      offset: [0, 100_000, 100_001, -1],
      page: [1, 100_000, 0, 100_001],
      count: [true, false, 'exact'],
    };
    for (const { name, schema } of parameters.filter((one) => one.name !== 'cursor'))
      for (const value of values[Object.entries(aliases).find(([alias]) => alias === name)?.[1] ?? name] ??
        []) {
        const allowed = compile(schema)(value);
        const answer = await user.get(`/api/tasks?${name}=${written(value)}`);
        expect(answer.status, `${name}=${JSON.stringify(value)}`).to.equal(allowed ? 200 : 422);
      }
  });
});

describe('200 /openapi.json: parameters of queries', () => {
  const service = ownService();

  it('given a bad value of each name, at each operation with a query: 422 if and only if the name is documented there', async () => {
    const user = await service().user();
    const operations = operationsOf(readOpenApi((await user.get('/openapi.json')).text)).map(
      ({ path, operation }) => ({
        path: path.replace('{user_id}', user.id),
        names: operation.parameters.filter((one) => one.in === 'query').map(({ name }) => name),
      }),
    );
    const queried = operations.filter(({ names }) => names.length > 0);
    const all = new Set([...queried.flatMap(({ names }) => names), 'unknown']);
    expect(queried).to.have.length(6); // lists, trash and changes, under both URL schemes
    for (const { path, names } of queried)
      for (const name of all) {
        const required = path.endsWith('/changes') ? '&since=0' : '';
        const { status } = await user.get(`${path}?${name}=%00${required}`);
        expect(status, `${path}?${name}`).to.equal(names.includes(name) ? 422 : 200);
      }
  });
});
