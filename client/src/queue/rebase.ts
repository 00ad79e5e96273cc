import type { Task } from '../api-types.ts';
import type { Target } from '../tasks/writes.ts';
import type { QueuedWrite } from './storage.ts';

/** What the targets of writes have become by now, by {@link nameOf}. */
export type KnownTargets = Map<string, Target>;

/** What a write names its task by: an id, or a revision of it. */
const nameOf = (target: Target): string =>
  typeof target === 'string' ? target : `${target.id}/${target.revision}`;

/**
 * Keeps what the target of a done write has become:
 * - for a new task, its id;
 * - for a changed task, its new revision: the user who made a later change from the same read task had seen this one;
 * - for a deleted task, its id alone, so that writes that were made from it, such as an undo, are unconditional. The response to a
 *   deletion has no revision.
 */
export const learn = (known: KnownTargets, { id, write }: QueuedWrite, task: Task | null): void => {
  if (write.kind === 'create') {
    if (task !== null) known.set(id, task.id);
    return;
  }
  const { target } = write;
  if (typeof target === 'string') return;
  const next = task === null ? target.id : { id: task.id, revision: task.revision };
  const name = nameOf(target);
  known.set(name, next);
  for (const [earlier, current] of known) if (nameOf(current) === name) known.set(earlier, next);
};

/**
 * Forgets which targets have become that of this write, because the service refused its revision. Where its store was set back, as
 * by a restore, a task can be read again at a revision that has become another one: later writes keep the revision that was read.
 */
export const forget = (known: KnownTargets, { write }: QueuedWrite): void => {
  if (write.kind === 'create') return;
  const refused = nameOf(write.target);
  for (const [earlier, current] of known) if (nameOf(current) === refused) known.delete(earlier);
};

/**
 * The write with what its target has become; the same object where nothing changes. One that was sent stays as it is: under its key
 * the service accepts no other request.
 */
export const rebased = (entry: QueuedWrite, known: KnownTargets): QueuedWrite => {
  const { write, sentAt } = entry;
  if (write.kind === 'create' || sentAt !== null) return entry;
  const target = known.get(nameOf(write.target));
  return target === undefined ? entry : { ...entry, write: { ...write, target } };
};
