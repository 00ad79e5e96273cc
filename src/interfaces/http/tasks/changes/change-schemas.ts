import { z } from 'zod';
import type { Parsed } from '../../../../domain/parsed.ts';
import { isRevision, type Revision } from '../../../../domain/task.ts';
import { maxLimit } from '../../../task-representation/lists/list-parameters.ts';
import { wholeNumber } from '../../../task-representation/lists/parameter-types.ts';
import { parsedBy } from '../../../task-representation/parsed-by.ts';
import { aTask } from '../task-examples.ts';
import { taskResource } from '../../../task-representation/task-schemas.ts';

/** Decimal digits alone. A number that is too large to be exact becomes the largest exact one, which is above every counter too. */
const parseSince = (text: string): Parsed<Revision> => {
  const revision = Math.min(Number(text), Number.MAX_SAFE_INTEGER);
  return /^\d+$/.test(text) && isRevision(revision)
    ? { ok: true, value: revision }
    : { ok: false, problem: 'must be a whole number from 0 on' };
};

/** The query of `changes`. The reader knows the default. */
export const changesParameters = {
  since: z
    .string()
    .transform(parsedBy(parseSince))
    .meta({
      description: 'The last revision that you have seen; 0 is the beginning.',
      examples: [41],
      override: { type: 'integer', minimum: 0 },
    }),
  limit: wholeNumber(1, maxLimit)
    .optional()
    .meta({
      description: 'The most changes in the response.',
      override: { default: maxLimit },
    }),
};

export const changesQuery = z.object(changesParameters);

const revision = z.int().min(0);

export const changesResource = z
  .object({
    changes: z.array(
      z.object({
        revision: revision.meta({ description: 'The revision of the last change of the task.' }),
        id: z.uuidv7(),
        task: taskResource.nullable().meta({ description: 'As it is now; null: in the trash, or gone.' }),
      }),
    ),
    revision: revision.meta({ description: "The value of the owner's write counter." }),
    has_more: z.boolean().meta({
      description:
        'True: ask again with the last revision in `changes` as `since`. False: with `revision`, when it may have changed.',
    }),
  })
  .meta({ id: 'Changes', description: 'What has changed after a revision, in ascending order of revision.' });

export type ChangesResource = z.infer<typeof changesResource>;

export const someChanges: ChangesResource = {
  changes: [{ revision: aTask.revision, id: aTask.id, task: aTask }],
  revision: aTask.revision,
  has_more: false,
};
