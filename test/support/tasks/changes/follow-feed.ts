import type { ChangeFeed, ChangesPage } from '../../../../src/application/ports/change-feed.ts';
import { listChanges, type ListedChanges } from '../../../../src/application/list-changes.ts';
import type { Revision, Task, TaskId } from '../../../../src/domain/task.ts';
import type { UserId } from '../../../../src/domain/user.ts';
import { revision } from '../tasks.ts';

/** A client that only reads changes, by the rule of the API. */
export interface Follower {
  /** Reads changes until there are no more. Throws where a revision comes twice, or out of order. */
  catchUp(): Promise<void>;
  tasks(): ReadonlyMap<TaskId, Task>;
}

/** A response with its rest. */
export const wholeOf = async ({ rest, ...first }: ListedChanges): Promise<ChangesPage> => {
  const changes = [...first.changes];
  let { hasMore } = first;
  for (let next = await rest?.next(); next !== undefined; next = await rest?.next()) {
    if (next.done === true) {
      hasMore = next.value;
      break;
    }
    changes.push(...next.value);
  }
  return { ...first, changes, hasMore };
};

export const createFollower = (changes: ChangeFeed, user: UserId, limit: number): Follower => {
  const read = listChanges({ changes });
  const held = new Map<TaskId, Task>();
  let since: Revision = revision(0);

  const apply = async (): Promise<boolean> => {
    const { changes, revision: counter, hasMore } = await wholeOf(await read(user, since, limit));
    for (const { id, revision: at, task } of changes) {
      if (at <= since) throw new Error(`The change of revision ${at} came after revision ${since}`);
      since = at;
      if (task === null) held.delete(id);
      else held.set(id, task);
    }
    if (!hasMore) since = counter;
    return hasMore;
  };

  return {
    catchUp: async () => {
      while (await apply());
    },
    tasks: () => held,
  };
};
