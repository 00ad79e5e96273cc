import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { z } from 'zod';

const schema = z.record(z.string(), z.unknown());
const content = z.record(
  z.string(),
  z.object({
    schema,
    example: z.unknown().optional(),
    examples: z.record(z.string(), z.object({ value: z.unknown() })).optional(),
  }),
);
const header = z.looseObject({ description: z.string(), required: z.boolean(), schema });
const response = z.looseObject({
  description: z.string(),
  headers: z.record(z.string(), header),
  content: content.optional(),
});
const operation = z.looseObject({
  operationId: z.string(),
  tags: z.array(z.string()),
  summary: z.string(),
  security: z.array(z.unknown()).optional(),
  parameters: z.array(z.looseObject({ in: z.string(), name: z.string(), schema })),
  requestBody: z.looseObject({ required: z.boolean(), content }).optional(),
  responses: z.record(z.string(), response),
});

/** The parts of the document that the tests read, after references other than those to schemas are resolved. */
const shape = z.looseObject({
  openapi: z.string(),
  info: z.looseObject({ version: z.string() }),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  tags: z.array(z.looseObject({ name: z.string() })),
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.looseObject({ schemas: z.record(z.string(), schema) }),
});

export type OpenApi = z.infer<typeof shape>;
export type Operation = z.infer<typeof operation>;

export const readOpenApi = (text: string): OpenApi => {
  const document: unknown = JSON.parse(text);
  return shape.parse(resolved(document, document));
};

const reference = z.object({ $ref: z.templateLiteral(['#/', z.string()]) });

const resolved = (node: unknown, document: unknown): unknown => {
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) return node.map((item) => resolved(item, document));
  const { data } = reference.safeParse(node);
  if (data !== undefined && !data.$ref.startsWith('#/components/schemas/')) {
    const target = data.$ref.slice(2).split('/').reduce(member, document);
    return resolved(target, document);
  }
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, resolved(value, document)]));
};

const member = (node: unknown, name: string): unknown => {
  const found = schema.parse(node)[name];
  if (found === undefined) throw new Error(`The document refers to ${name}, which does not exist`);
  return found;
};

interface DocumentedOperation {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

export const operationsOf = ({ paths }: OpenApi): readonly DocumentedOperation[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );

/** Compiles schemas of a document; their references are resolved within that document. */
export const schemasOf = ({ components }: OpenApi): ((schema: object) => ValidateFunction) => {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false });
  formats.default(ajv);
  for (const [name, component] of Object.entries(components.schemas))
    ajv.addSchema(component, `#/components/schemas/${name}`);
  const compiled = new Map<string, ValidateFunction>();
  return (schema) => {
    const key = JSON.stringify(schema);
    const validate = compiled.get(key) ?? ajv.compile(schema);
    compiled.set(key, validate);
    return validate;
  };
};
