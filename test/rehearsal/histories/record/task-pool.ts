import type { Random } from '../../../support/random.ts';
import type { Action, Answer, SeenTask } from '../history.ts';

type Place = 'list' | 'trash' | 'gone';

interface PooledTask {
  readonly id: string;
  readonly place: Place;
  /** The last one that an answer showed. */
  readonly revision: number;
}

/** What the clients of a user know of its tasks, so that they write to the same ones. It may be outdated. */
export interface TaskPool {
  readonly listed: number;
  readonly trashed: number;
  note(id: string | null, action: Action, answer: Answer | null): void;
  noteAll(place: 'list' | 'trash', tasks: readonly SeenTask[]): void;
  /** Mostly a task that is in this place, and mostly the newest; undefined before the first task. */
  pick(chance: Random, place: 'list' | 'trash'): PooledTask | undefined;
}

/** How many of the tasks that are gone are still asked for. */
const keptGone = 3;

export const createTaskPool = (): TaskPool => {
  const tasks = new Map<string, PooledTask>();
  const inPlace = (place: Place): PooledTask[] => [...tasks.values()].filter((task) => task.place === place);
  const put = (id: string, place: Place, revision: number): void => {
    tasks.set(id, { id, place, revision });
    for (const { id: old } of inPlace('gone').slice(0, -keptGone)) tasks.delete(old);
  };

  return {
    get listed() {
      return inPlace('list').length;
    },
    get trashed() {
      return inPlace('trash').length;
    },
    note: (id, action, answer) => {
      if (answer?.outcome === 'done' && answer.task !== null)
        put(answer.task.id, 'list', answer.task.revision);
      else if (answer?.outcome === 'done' && action.kind === 'empty the trash')
        for (const task of inPlace('trash')) put(task.id, 'gone', task.revision);
      else if (id !== null && answer?.outcome === 'done')
        put(id, action.kind === 'purge' ? 'gone' : 'trash', tasks.get(id)?.revision ?? 0);
      else if (answer?.outcome === 'mismatch')
        put(answer.current.id, tasks.get(answer.current.id)?.place ?? 'list', answer.current.revision);
      // Or in another place, which the next list shows.
      else if (id !== null && answer?.outcome === 'missing') put(id, 'gone', tasks.get(id)?.revision ?? 0);
    },
    noteAll: (place, shown) => {
      for (const { id, revision } of shown) put(id, place, revision);
    },
    pick: (chance, place) => {
      const expected = chance.below(10) === 0 ? [...tasks.values()] : inPlace(place);
      if (expected.length === 0) return undefined;
      return chance.below(2) === 0 ? expected.at(-1) : chance.pick(expected);
    },
  };
};
