import { z } from 'zod';

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/** The JSON Schema of the values that a schema accepts, with the keywords that the OpenAPI document has for them. */
export const toJsonSchema = (schema: z.ZodType): JsonSchema => {
  const json = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const { override } = z.globalRegistry.get(zodSchema) ?? {};
      delete jsonSchema['override'];
      delete jsonSchema['param'];
      Object.assign(jsonSchema, override);
    },
  });
  delete json.$schema;
  return json;
};
