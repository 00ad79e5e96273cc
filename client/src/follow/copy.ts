import type { Changes, Task } from '../api-types.ts';
import { TaskholdError } from '../requests/errors.ts';

/** All tasks of the user as of a revision. It can be kept, and given to `follow` later. */
export interface Copy {
  readonly revision: number;
  readonly tasks: ReadonlyMap<string, Task>;
}

/** A copy, and what has changed since the one before. */
export interface Update extends Copy {
  /** The ids of tasks that were created, changed or deleted; after a new beginning those of all tasks. */
  readonly changed: readonly string[];
}

export const emptyCopy: Copy = { revision: 0, tasks: new Map() };

/** Brings a copy up to date. It is never changed itself, so that a failure leaves it as it was. */
export const catchUp = async (
  copy: Copy,
  changesSince: (revision: number) => Promise<Changes>,
): Promise<Update> => {
  const tasks = new Map(copy.tasks);
  const changed = new Set<string>();
  let { revision } = copy;
  for (;;) {
    const answer = await (revision === 0 ? changesSince(0) : changesSince(revision).catch(expired));
    const [known] = tasks.values();
    if (
      answer === null ||
      answer.changes.some(
        ({ task }) => task !== null && known !== undefined && task.user_id !== known.user_id,
      )
    ) {
      // What was deleted since has expired, or the token is another user's: what is left out from 0 on is gone.
      for (const id of tasks.keys()) changed.add(id);
      tasks.clear();
      revision = 0;
      continue;
    }
    for (const { id, task } of answer.changes) {
      if (task === null) tasks.delete(id);
      else tasks.set(id, task);
      changed.add(id);
    }
    if (!answer.has_more) return { revision: answer.revision, tasks, changed: [...changed] };
    revision = answer.changes.at(-1)?.revision ?? answer.revision;
  }
};

/** 410: the client has to begin again at 0. */
const expired = (error: unknown): null => {
  if (error instanceof TaskholdError && error.code === 'revision_expired') return null;
  throw error;
};
