import type * as api from '../api-types.ts';
import type { Task, TaskDraft } from '../api-types.ts';
import type { Call } from '../requests/send.ts';

/**
 * The task to write to. With an object that was read, the write succeeds only if the task has not changed since (`If-Match`;
 * otherwise 412 with `current`). With an id it is unconditional.
 */
export type Target = string | Pick<Task, 'id' | 'revision'>;

/** What is to change, at least one member: an absent one keeps its value, and null clears it where that is allowed. */
export type TaskChange = api.TaskChange;

/** A write of one task, as plain data. */
export type Write =
  | { readonly kind: 'create'; readonly draft: TaskDraft }
  | { readonly kind: 'update'; readonly target: Target; readonly changes: TaskChange }
  | { readonly kind: 'complete'; readonly target: Target; readonly completed: boolean }
  | { readonly kind: 'delete' | 'restore'; readonly target: Target };

/** Options of a write. */
export interface WriteOptions {
  readonly signal?: AbortSignal | undefined;
  /** Default: a new one for each call. All attempts of a call have the same. */
  readonly idempotencyKey?: string | undefined;
}

export const idOf = (target: Target): string => (typeof target === 'string' ? target : target.id);

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
const nilUuid = '00000000-0000-0000-0000-000000000000';

export const isTaskId = (id: string): boolean => uuid.test(id);

/** The last segment of a path. Any other text could name another path: with an empty one, a deletion would empty the trash. */
export const segmentOf = (id: string): string => (isTaskId(id) ? id : nilUuid);

/** The request of a write, but for how its response is read. */
export const requestOf = (write: Write, key: string): Omit<Call<unknown>, 'read'> => {
  const keyed = { 'Idempotency-Key': key };
  if (write.kind === 'create')
    return { method: 'POST', path: 'api/tasks', headers: keyed, body: write.draft };
  const { target } = write;
  const path = `api/tasks/${segmentOf(idOf(target))}`;
  const headers = typeof target === 'string' ? keyed : { ...keyed, 'If-Match': `"${target.revision}"` };
  switch (write.kind) {
    case 'update':
      return { method: 'PATCH', path, headers, body: write.changes };
    case 'complete':
      return { method: 'PATCH', path: `${path}/complete`, headers, body: { completed: write.completed } };
    case 'restore':
      return { method: 'POST', path: `${path}/restore`, headers };
    case 'delete':
      return { method: 'DELETE', path, headers };
  }
};

/** Random and 128 bits long. `crypto.randomUUID` exists only on pages of https and of localhost. */
export const newKey = (): string => crypto.getRandomValues(new Uint32Array(4)).join('-');
