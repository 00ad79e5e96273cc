import type { z } from 'zod';
import type { FieldProblem } from '../../../domain/errors.ts';
import { fieldProblem } from '../problems/problem.ts';
import type { JsonObject } from '../request/body-parser.ts';

/** Reads a body by its schema. Throws `invalid_task` with all problems at once. */
export const readTaskBody = <Value>(schema: z.ZodType<Value>, body: JsonObject | undefined): Value => {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const problems: FieldProblem[] = parsed.error.issues.map(({ path, message }) => ({
    field: path.join('.'),
    message,
  }));
  throw fieldProblem('invalid_task', problems);
};
