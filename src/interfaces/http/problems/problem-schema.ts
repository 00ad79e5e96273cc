import { z } from 'zod';
import { maxItemProblems } from '../../task-representation/parsed-by.ts';
import { catalogue, type ProblemCode } from './catalogue.ts';

const codes = Object.keys(catalogue).filter((name): name is ProblemCode => name in catalogue);

/** RFC 9457, section 3, with this API's `code`, `request_id` and `errors`. */
export const problemSchema = z
  .object({
    type: z.string().meta({ format: 'uri-reference', description: 'The kind of problem.' }),
    title: z.string().meta({ description: 'The kind of problem, in words; the same for all of one code.' }),
    status: z.int().min(400).max(599).meta({ description: 'The status of the response.' }),
    code: z
      .enum(codes)
      .meta({ description: 'The kind of problem, for programs; it never changes its meaning.' }),
    detail: z.string().meta({ description: 'What happened here, for people.' }),
    request_id: z.string().meta({ description: 'The `X-Request-Id` of the response.' }),
    errors: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .min(1)
      .optional()
      .meta({
        description:
          `Every problem of every field at once, but only the first ${maxItemProblems} of the items of an array; there only ` +
          'where there are fields.',
      }),
    current: z
      .unknown()
      .optional()
      .meta({ description: 'With `revision_mismatch` alone: what was to be written, as it is now.' }),
  })
  .meta({ id: 'Problem', description: 'What every response of 400 and above carries (RFC 9457).' });

export type ProblemResource = z.infer<typeof problemSchema>;
