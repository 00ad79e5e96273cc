import { z } from 'zod';
import { RevisionMismatch, TaskholdError, type ErrorCode } from '../../../domain/errors.ts';
import { InvalidInput } from '../../task-representation/invalid-input.ts';
import { toJson } from '../../task-representation/task-json.ts';
import { taskResource } from '../../task-representation/task-schemas.ts';

/** An error as a model sees it: what to change, or whether to call again. */
export const toolErrorSchema = z.object({
  code: z.string().meta({ description: 'The kind of error; it never changes its meaning.' }),
  detail: z.string(),
  errors: z
    .array(z.object({ field: z.string(), message: z.string() }))
    .optional()
    .meta({ description: 'Every problem of every argument at once.' }),
  current: taskResource.optional().meta({ description: 'With `revision_mismatch`: the task as it is now.' }),
});

export type ToolError = z.infer<typeof toolErrorSchema>;

/** Details that name HTTP header fields in the HTTP adapter. */
const details: Partial<Record<ErrorCode, string>> = {
  idempotency_key_reused:
    'This idempotency_key belongs to another write, or its arguments differ. Nothing was done. Use a new key for a new write.',
  idempotency_key_in_use: 'A call with this idempotency_key is still under way; try again shortly.',
  outcome_unknown:
    'The write was sent, but its result was lost: it may or may not have been done. Call again with the same idempotency_key; ' +
    'without a key, read the task first.',
};

/** Converts any error. An unknown one becomes `internal_error`, without any of its content. */
export const toToolError = (error: unknown): ToolError => {
  if (error instanceof InvalidInput) {
    const code = error.code === 'invalid_cursor' ? error.code : 'invalid_arguments';
    return { code, detail: error.message, errors: [...error.errors] };
  }
  if (!(error instanceof TaskholdError))
    return { code: 'internal_error', detail: 'The call could not be handled.' };
  const { code, message } = error;
  return {
    code,
    detail: details[code] ?? message,
    ...(error instanceof RevisionMismatch ? { current: toJson(error.current) } : {}),
  };
};

const serverFailures = new Set(['internal_error', 'outcome_unknown', 'overloaded', 'timeout', 'unavailable']);

/** Whether the service, and not the call, is the cause. */
export const isServerFailure = ({ code }: ToolError): boolean => serverFailures.has(code);
