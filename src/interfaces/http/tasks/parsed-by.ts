import { z } from 'zod';
import type { Parsed } from '../../../domain/parsed.ts';

/** A transform for zod: the domain checks a value, and zod reports its problem together with all others. */
export const parsedBy =
  <Input, Value>(parse: (input: Input) => Parsed<Value>) =>
  (input: Input, ctx: z.RefinementCtx): Value => {
    const parsed = parse(input);
    if (parsed.ok) return parsed.value;
    ctx.addIssue({ code: 'custom', message: parsed.problem });
    return z.NEVER;
  };
