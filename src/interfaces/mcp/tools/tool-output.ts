import { z } from 'zod';
import { taskList, taskResource } from '../../task-representation/task-schemas.ts';
import { toolErrorSchema } from './tool-error.ts';
import { objectOf } from './tool-input.ts';

/** A result, or an error: clients compare both with the schema. */
const resultOrError = (result: z.ZodRawShape) =>
  objectOf(
    z.object({
      ...result,
      error: toolErrorSchema.optional().meta({ description: 'Why nothing was done; alone.' }),
    }),
  );

const replayed = z
  .literal(true)
  .optional()
  .meta({ description: 'This is the result of an earlier call with the same key; nothing was done again.' });

export const taskOutput = resultOrError({ task: taskResource.optional(), replayed });

export const deletionOutput = resultOrError({ deleted_id: z.string().optional(), replayed });

export const listOutput = resultOrError({
  tasks: taskList.optional(),
  next_cursor: z
    .string()
    .nullable()
    .optional()
    .meta({ description: 'The `cursor` of the next page; null on the last one.' }),
  total: z
    .int()
    .nullable()
    .optional()
    .meta({ description: 'With `count`: how many tasks meet the filter on all pages.' }),
});
