import { z } from 'zod';
import type { ExpectedRevisions } from '../../../application/ports/task-repository.ts';
import {
  maxKeyLength,
  parseIdempotencyKey,
  keyLifetimeHours,
} from '../../../domain/idempotency/idempotency-key.ts';
import type { KeyedRequest } from '../../../domain/idempotency/keyed-request.ts';
import { isRevision, type Revision } from '../../../domain/task.ts';
import type { Parsed } from '../../../domain/parsed.ts';
import { toFingerprint } from '../../task-representation/fingerprint.ts';
import { parsedBy } from '../../task-representation/parsed-by.ts';

const parseRevision = (value: number): Parsed<Revision> =>
  isRevision(value) ? { ok: true, value } : { ok: false, problem: 'must be the revision of a task' };

export const taskId = z
  .string({ error: ({ input }) => (input === undefined ? 'is required' : 'must be a string') })
  .meta({ description: 'The `id` of the task, as add_task and list_tasks return it.' });

const idempotencyKey = z
  .string({ error: 'must be a string' })
  .transform(parsedBy(parseIdempotencyKey))
  .meta({ override: { minLength: 1, maxLength: maxKeyLength } })
  .nullish()
  .transform((value) => value ?? undefined)
  .meta({
    description:
      'A new random text for each intended write, such as a UUID. A call with the same key and the same arguments within ' +
      `${keyLifetimeHours} hours returns the first result and does nothing again; so repeat a call whose answer was lost with its key.`,
  });

const expectedRevision = z
  .number({ error: 'must be the revision of a task' })
  .transform(parsedBy(parseRevision))
  .meta({ override: { type: 'integer', minimum: 1 } })
  .nullish()
  .transform((value) => value ?? undefined)
  .meta({
    description:
      'The `revision` of the task that you have read. If the task has changed since then, nothing is written and the error has ' +
      'the task as it is now.',
  });

/** The argument of every write. */
export const keyArgument = z.object({ idempotency_key: idempotencyKey });

/** The arguments of every write of one task. */
export const targetArguments = keyArgument.extend({ id: taskId, expected_revision: expectedRevision });

type Target = z.output<typeof targetArguments>;

/** Undefined: any revision. */
export const expectedOf = ({ expected_revision: revision }: Target): ExpectedRevisions | undefined =>
  revision === undefined ? undefined : [revision];

/**
 * The key of a call, with a hash of what has to be the same in every call with it: the tool, and the arguments as they were
 * read, in any order. HTTP requests hash a method and a path, so that a key cannot stand for one of each.
 */
export const keyedRequest = (
  tool: string,
  { idempotency_key: key, ...args }: z.output<typeof keyArgument>,
): KeyedRequest | undefined => {
  if (key === undefined) return undefined;
  const given = Object.entries(args)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return { key, fingerprint: toFingerprint(JSON.stringify(['tool', tool, given])) };
};
