import type { z } from 'zod';
import { InvalidInput } from './invalid-input.ts';

/** Reads the fields of a task by their schema. Throws {@link InvalidInput} with all problems at once. */
export const readTaskFields = <Value>(
  schema: z.ZodType<Value>,
  fields: Readonly<Record<string, unknown>> | undefined,
): Value => {
  const parsed = schema.safeParse(fields ?? {});
  if (parsed.success) return parsed.data;
  throw new InvalidInput(
    'invalid_task',
    parsed.error.issues.map(({ path, message }) => ({ field: path.join('.') || 'body', message })),
  );
};
