import { z } from 'zod';
import type { Random } from '../random.ts';

const parameter = z.object({
  name: z.string(),
  in: z.enum(['path', 'query', 'header']),
  schema: z
    .looseObject({
      enum: z.array(z.unknown()).default([]),
      examples: z.array(z.unknown()).default([]),
      minimum: z.number().optional(),
      maximum: z.number().optional(),
    })
    .optional(),
});
const operation = z.object({
  parameters: z.array(z.union([parameter, z.object({ $ref: z.string() })])).default([]),
  requestBody: z.unknown().optional(),
});
const document = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.object({
    parameters: z.record(z.string(), parameter).default({}),
    schemas: z.object({ Task: z.object({ properties: z.record(z.string(), z.unknown()) }) }),
  }),
});

/** A request to a documented operation, with valid and invalid values. */
interface RandomRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Ids of existing users and tasks, so that some requests find a task. */
interface KnownValues {
  readonly users: readonly string[];
  readonly ids: readonly string[];
}

const methods = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'];

/** Generates requests from an OpenAPI document: every operation, every parameter, valid and invalid values. */
export const randomRequests = (openapi: unknown, known: KnownValues): ((random: Random) => RandomRequest) => {
  const { paths, components } = document.parse(openapi);
  const parametersOf = (described: z.infer<typeof operation>) =>
    described.parameters.map((one) => {
      const found =
        '$ref' in one ? components.parameters[one.$ref.slice(one.$ref.lastIndexOf('/') + 1)] : one;
      if (found === undefined) throw new Error('The document refers to a parameter that does not exist');
      return found;
    });
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => methods.includes(method))
      .map(([method, described]) => {
        const parsed = operation.parse(described);
        return { path, method, hasBody: parsed.requestBody !== undefined, parameters: parametersOf(parsed) };
      }),
  );
  const names = [...Object.keys(components.schemas.Task.properties), ...specialNames];
  return (random) => {
    const chosen = random.pick(operations);
    const value = (): string => random.pick([...known.ids, ...known.users, ...oddValues]);
    const path = chosen.path.replaceAll(/\{(\w+)\}/g, (_match: string, name: string) =>
      encodeLoosely(
        random.below(4) > 0 ? random.pick(name === 'id' ? known.ids : known.users) : value(),
        random,
      ),
    );
    const parametersIn = (place: string) =>
      chosen.parameters.filter((one) => one.in === place && random.below(2) === 0);
    const query = some(parametersIn('query'), random).map(
      ({ name, schema }) =>
        `${name}=${encodeLoosely(random.below(4) > 0 ? random.pick(documentedValues(schema)) : value(), random)}`,
    );
    const headers = parametersIn('header').map(({ name }): [string, string] => [
      name.toLowerCase(),
      headerSafe(value()),
    ]);
    const body = !chosen.hasBody || random.below(6) === 0 ? undefined : json(random, names, 0);
    return {
      method: (random.below(8) === 0 ? random.pick(methods) : chosen.method).toUpperCase(),
      target: path + (query.length > 0 ? `?${query.join('&')}` : ''),
      headers: {
        ...Object.fromEntries(headers),
        ...(body === undefined ? {} : { 'content-type': random.pick(types) }),
      },
      body,
    };
  };
};

/** At most three of these: parameters that exclude each other would make nearly every request invalid. */
const some = <Value>(values: readonly Value[], random: Random): readonly Value[] =>
  values.length <= 3 ? values : [random.pick(values), random.pick(values), random.pick(values)];

/** Values that a schema names; some text for one that names none. */
const documentedValues = (schema: z.infer<typeof parameter>['schema']): readonly string[] => {
  const { enum: allowed = [], examples = [], minimum, maximum } = schema ?? {};
  const values = [...allowed, ...examples, minimum, maximum].filter((one) => one !== undefined);
  return values.length === 0 ? ['milk'] : values.map(String);
};

const types = [
  'application/json',
  'application/json',
  'application/json',
  'application/json; charset=utf-16',
  'text/plain',
];
const oddValues = [
  '',
  '0',
  '-1',
  '1e9',
  '1001',
  'pending',
  'completed',
  'true',
  'null',
  '*',
  '"1"',
  'W/"1"',
  '\u{1f95b}',
  '../..',
  '%',
  'x'.repeat(300),
  '{}',
  "' OR 1=1 --",
];

const encodeLoosely = (value: string, random: Random): string =>
  random.below(10) === 0 ? value.replaceAll(/[^\x21-\x7e]/g, '') : encodeURIComponent(value);

const headerSafe = (value: string): string => value.replaceAll(/[^\x20-\x7e]/g, '?');

/** Names that objects of JavaScript inherit. */
const specialNames = ['__proto__', 'constructor', 'toString'];

/** An object with members of a task, other JSON, or malformed JSON. */
const json = (random: Random, names: readonly string[], depth: number): string => {
  if (depth === 0 && random.below(20) === 0)
    return random.pick(['', '{', '[', 'null', '1', '"', '\u{feff}{}', '{"title":}']);
  if (depth === 0 || (depth < 4 && random.below(6) === 0)) {
    const members = Array.from(
      { length: random.below(5) },
      () => `${JSON.stringify(random.pick(names))}:${json(random, names, depth + 1)}`,
    );
    return random.below(12) === 0
      ? `[${members.map((member) => member.slice(member.indexOf(':') + 1)).join(',')}]`
      : `{${members.join(',')}}`;
  }
  return random.pick(leaves);
};

const leaves = [
  '"high"',
  '"2026-11-30"',
  '"2026-11-30T08:00+01:00"',
  '["home","home"," "]',
  '"Buy milk"',
  '"Buy milk"',
  '""',
  '"   "',
  'null',
  'true',
  'false',
  '1',
  '-0.5e400',
  '1e-9999',
  '"\\u0000"',
  '"\\ud800"',
  `"${'a'.repeat(201)}"`,
  `"${'\u{1f95b}'.repeat(200)}"`,
  `"${'b'.repeat(1001)}"`,
  '"\\u202e"',
  '[]',
  '{}',
];
