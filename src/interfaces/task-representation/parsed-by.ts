import { z } from 'zod';
import type { Parsed } from '../../domain/parsed.ts';

/** A transform for zod: the domain checks a value, and zod reports its problem together with all others. */
export const parsedBy =
  <Input, Value>(parse: (input: Input) => Parsed<Value>) =>
  (input: Input, ctx: z.RefinementCtx): Value => {
    const parsed = parse(input);
    if (parsed.ok) return parsed.value;
    ctx.addIssue({ code: 'custom', message: parsed.problem });
    return z.NEVER;
  };

/** The most problems that are reported of one array. */
export const maxItemProblems = 20;

/**
 * As {@link parsedBy}, of each item of an array, and then of all values, also where an item has a problem. Items behind the
 * last problem that is reported are not read, so that the response is not a multiple of the request.
 */
export const eachParsedBy =
  <Value>(
    parse: (item: unknown) => Parsed<Value>,
    parseAll: (values: readonly Value[]) => Parsed<readonly Value[]>,
  ) =>
  (items: readonly unknown[], ctx: z.RefinementCtx): readonly Value[] => {
    const values: Value[] = [];
    let problems = 0;
    for (const [index, item] of items.entries()) {
      if (problems === maxItemProblems) break;
      const parsed = parse(item);
      if (parsed.ok) values.push(parsed.value);
      else {
        ctx.addIssue({ code: 'custom', message: parsed.problem, path: [index] });
        problems += 1;
      }
    }
    const all = parsedBy(parseAll)(values, ctx);
    return problems === 0 ? all : z.NEVER;
  };
