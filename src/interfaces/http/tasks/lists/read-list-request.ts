import { z } from 'zod';
import type { TaskQuery } from '../../../../application/ports/task-repository.ts';
import type { FieldProblem } from '../../../../domain/errors.ts';
import { taskSelection } from '../../../../domain/task-list.ts';
import { decodeCursor } from './cursor.ts';
import { fieldProblem } from '../../problems/problem.ts';

/** The maximum and the default number of tasks on a page. */
export const maxLimit = 1000;
const limitRule = `must be a whole number from 1 to ${maxLimit}`;

/** The query parameters of a list; any other is ignored. */
export const taskQueryParameters = z.object({
  status: z
    .enum(['all', 'pending', 'completed'], { error: 'must be all, pending or completed' })
    .default('all')
    .meta({ description: 'Which tasks.' }),
  completed: z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .optional()
    .meta({ description: 'The same choice in another word; must not contradict `status`.' }),
  limit: z
    .string()
    .refine((text) => /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= maxLimit, limitRule)
    .transform(Number)
    .default(maxLimit)
    .meta({
      description: 'The most tasks on a page.',
      override: { type: 'integer', minimum: 1, maximum: maxLimit, default: maxLimit },
    }),
  cursor: z.string().optional().meta({
    description: 'Where to go on, from the `Link` of the page before; opaque, bound to its filter.',
  }),
});

const everything: TaskQuery = {
  selection: taskSelection(),
  limit: maxLimit,
  after: null,
  offset: 0,
  count: false,
};

/** Throws `invalid_query`, or `invalid_cursor` where the cursor alone is wrong; with all problems at once. */
export const readTaskQuery = (search: URLSearchParams): TaskQuery => {
  if (search.size === 0) return everything;
  const problems: FieldProblem[] = [];

  const read = <Value>(field: string, parameter: z.ZodType<Value>): Value | undefined => {
    const [value, ...others] = search.getAll(field);
    const parsed = parameter.safeParse(value);
    if (others.length > 0) problems.push({ field, message: 'must be given once' });
    else problems.push(...(parsed.error?.issues ?? []).map(({ message }) => ({ field, message })));
    return parsed.data;
  };

  const { shape } = taskQueryParameters;
  const status = read('status', shape.status) ?? 'all';
  const completed = read('completed', shape.completed);
  const limit = read('limit', shape.limit) ?? maxLimit;
  const cursor = read('cursor', shape.cursor);

  const byFlag = completed === undefined ? 'all' : completed === 'true' ? 'completed' : 'pending';
  if (status !== 'all' && byFlag !== 'all' && status !== byFlag) {
    problems.push({ field: 'completed', message: 'contradicts status' });
  }

  const selection = taskSelection({ status: status === 'all' ? byFlag : status });
  const after = cursor === undefined ? null : decodeCursor(selection, cursor);
  const cursorIsBad = cursor !== undefined && after === null;
  const code = cursorIsBad && problems.length === 0 ? 'invalid_cursor' : 'invalid_query';
  if (cursorIsBad) problems.push({ field: 'cursor', message: 'is not one of this list' });
  if (problems.length > 0) throw fieldProblem(code, problems);
  return { selection, limit, after, offset: 0, count: false };
};
