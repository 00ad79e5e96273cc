import { z } from 'zod';
import { toJsonSchema, type JsonSchema } from './json-schema.ts';
import type { ObjectSchema } from './tool.ts';

/** The arguments of a tool: those of all these schemas, and no others. */
export const inputOf = (...schemas: readonly z.ZodObject[]): ObjectSchema => ({
  ...objectOf(...schemas),
  additionalProperties: false,
});

/** One object with the properties of all these schemas, whose rules for several properties are left to descriptions. */
export const objectOf = (...schemas: readonly z.ZodObject[]): ObjectSchema => {
  const all = schemas.map(({ shape }) => toJsonSchema(z.object(shape)));
  const properties: Record<string, JsonSchema> = {};
  for (const json of all)
    for (const [name, property] of Object.entries(json.properties ?? {}))
      if (typeof property === 'object') properties[name] = property;
  const required = all.flatMap((json) => json.required ?? []);
  const definitions = all.flatMap((json) => Object.entries(json.$defs ?? {}));
  return {
    type: 'object',
    properties,
    ...(required.length > 0 ? { required } : {}),
    ...(definitions.length > 0 ? { $defs: Object.fromEntries(definitions) } : {}),
  };
};
