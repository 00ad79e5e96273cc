import { z } from 'zod';
import type { Parsed } from '../../../domain/parsed.ts';
import type { OrderBy } from '../../../domain/task-order.ts';
import { priorities, type Priority } from '../../../domain/task.ts';

/** Decimal digits alone. */
export const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .refine(
      (text) => /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most,
      `must be a whole number from ${least} to ${most}`,
    )
    .transform(Number)
    .meta({ override: { type: 'integer', minimum: least, maximum: most } });

export const flag = z
  .enum(['true', 'false'], { error: 'must be true or false' })
  .transform((text) => text === 'true')
  .meta({ override: { type: 'boolean', enum: [true, false] } });

/** Reads texts that are separated by commas. Returns the first problem alone: there may be thousands of them. */
export const parseEach =
  <Value>(parse: (text: string) => Parsed<Value>) =>
  (list: string): Parsed<readonly Value[]> => {
    const values: Value[] = [];
    for (const text of list.split(',')) {
      const parsed = parse(text);
      if (!parsed.ok)
        return { ok: false, problem: `must be separated by commas, and each ${parsed.problem}` };
      values.push(parsed.value);
    }
    return { ok: true, value: values };
  };

export const parsePriority = (text: string): Parsed<Priority> => {
  const value = priorities.find((priority) => priority === text);
  return value === undefined ? { ok: false, problem: `must be ${either(priorities)}` } : { ok: true, value };
};

/** What a list can be ordered by, by every name that is understood. */
export const sortNames: ReadonlyMap<string, OrderBy> = new Map<string, OrderBy>([
  ['created_at', 'createdAt'],
  ['created', 'createdAt'],
  ['createdAt', 'createdAt'],
  ['updated_at', 'updatedAt'],
  ['updated', 'updatedAt'],
  ['updatedAt', 'updatedAt'],
  ['title', 'title'],
  ['due_date', 'dueDate'],
  ['due', 'dueDate'],
  ['dueDate', 'dueDate'],
  ['priority', 'priority'],
]);

export const parseSortName = (text: string): Parsed<OrderBy> => {
  const value = sortNames.get(text);
  return value === undefined
    ? { ok: false, problem: 'must be created_at, updated_at, title, due_date or priority' }
    : { ok: true, value };
};

const either = (words: readonly string[]): string =>
  new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(words);
