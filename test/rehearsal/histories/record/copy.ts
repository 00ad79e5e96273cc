import { z } from 'zod';
import { task as taskBody } from '../../../faults/clients/reads.ts';
import type { SeenTask } from '../history.ts';

export const changesPage = z.object({
  changes: z.array(z.object({ revision: z.int(), id: z.string(), task: taskBody.nullable() })),
  revision: z.int(),
  has_more: z.boolean(),
});

export type ChangesPage = z.infer<typeof changesPage>;

/** What a client of `changes` holds by the rule of docs/sync.md. */
export interface Copy {
  /** By id. */
  readonly tasks: ReadonlyMap<string, SeenTask>;
  /** The last revision that was seen. */
  readonly since: number;
  /** The number of changes that were applied. */
  readonly applied: number;
  /** Changes that came twice or out of order. */
  readonly violations: readonly string[];
  /** Applies an answer to the `since` of this copy. */
  apply(page: ChangesPage): void;
  /** How the copy differs from a full list. */
  differencesFrom(list: ReadonlyMap<string, SeenTask | null>): readonly string[];
}

export const createCopy = (): Copy => {
  const tasks = new Map<string, SeenTask>();
  const violations: string[] = [];
  let [since, applied] = [0, 0];

  return {
    tasks,
    violations,
    get since() {
      return since;
    },
    get applied() {
      return applied;
    },
    apply: ({ changes, revision, has_more: hasMore }) => {
      if (revision < since) violations.push(`the counter is ${revision} after ${since}`);
      for (const { id, revision: at, task } of changes) {
        if (at <= since) violations.push(`change ${at} comes after ${since}`);
        if (at > revision) violations.push(`change ${at} is above the counter ${revision}`);
        if (task !== null && task.revision !== at)
          violations.push(`change ${at} has a task of revision ${task.revision}`);
        since = at;
        applied += 1;
        if (task === null) tasks.delete(id);
        else tasks.set(id, task);
      }
      if (!hasMore) since = revision;
    },
    differencesFrom: (list) =>
      [...new Set([...tasks.keys(), ...list.keys()])]
        .map((id) => [JSON.stringify(tasks.get(id)), JSON.stringify(list.get(id))])
        .filter(([held, listed]) => held !== listed)
        .map(([held, listed]) => `it holds ${held}, and the list shows ${listed}`),
  };
};
