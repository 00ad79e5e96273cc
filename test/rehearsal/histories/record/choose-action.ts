import type { Random } from '../../../support/random.ts';
import type { Action } from '../history.ts';
import type { TaskPool } from './task-pool.ts';

interface Chosen {
  readonly id: string | null;
  readonly action: Action;
}

/** Few tasks, so that clients meet at the same ones. */
const wantedTasks = 4;

/** The next call: an action on a task, or the place whose tasks are to be read. `title`: one that was not used before. */
export const chooseAction = (chance: Random, pool: TaskPool, title: string): Chosen | 'list' | 'trash' => {
  const isFull = pool.listed + pool.trashed >= 2 * wantedTasks;
  if (pool.listed < wantedTasks && !isFull && chance.below(3) === 0)
    return { id: null, action: { kind: 'create', title } };
  const one = chance.below(100);
  if (one < 12) return 'list';
  if (one < 16) return 'trash';
  if (one < 18) return { id: null, action: { kind: 'empty the trash' } };
  const place = one < 33 ? 'trash' : 'list';
  const task = pool.pick(chance, place);
  if (task === undefined) return 'list';
  const { id, revision } = task;
  const ifMatch = chance.below(2) === 0 ? revision : null;
  if (one < 20) return { id, action: { kind: 'purge' } };
  if (one < 33) return { id, action: { kind: 'restore', ifMatch } };
  if (one < 45) return { id, action: { kind: 'delete', ifMatch } };
  if (one < 60)
    return { id, action: { kind: 'complete', completed: chance.pick([null, true, false]), ifMatch } };
  if (one < 80) return { id, action: { kind: 'change', title, ifMatch } };
  return { id, action: { kind: 'read' } };
};
