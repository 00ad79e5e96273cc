import type { Action, Answer, SeenTask } from '../history.ts';

interface Stored extends SeenTask {
  readonly place: 'list' | 'trash';
}

/** The tasks of one user in memory, as the contract defines them. Every method is one moment. */
export interface SimulatedStore {
  /** The counter. */
  readonly revision: number;
  /** `id` is that of the task, or of the task to create. */
  apply(id: string, action: Action): Answer;
  tasksIn(place: 'list' | 'trash'): ReadonlyMap<string, SeenTask>;
}

export const simulatedStore = (): SimulatedStore => {
  const tasks = new Map<string, Stored>();
  let counter = 0;

  const store = (task: Stored): Answer => {
    counter += 1;
    const stored = { ...task, revision: counter };
    tasks.set(task.id, stored);
    return { outcome: 'done', task: task.place === 'trash' ? null : toSeen(stored) };
  };
  const changed = (task: Stored, action: Action): Answer => {
    if (action.kind === 'change') return store({ ...task, title: action.title });
    if (action.kind === 'complete') return store({ ...task, completed: action.completed ?? !task.completed });
    return store({ ...task, place: action.kind === 'restore' ? 'list' : 'trash' });
  };

  return {
    get revision() {
      return counter;
    },
    apply: (id, action) => {
      if (action.kind === 'create') {
        return store({ id, title: action.title, completed: false, revision: 0, place: 'list' });
      }
      if (action.kind === 'empty the trash') {
        for (const task of tasks.values()) if (task.place === 'trash') tasks.delete(task.id);
        return { outcome: 'done', task: null };
      }
      const place = ['restore', 'purge', 'read in the trash'].includes(action.kind) ? 'trash' : 'list';
      const task = tasks.get(id);
      if (task?.place !== place) return { outcome: 'missing' };
      if ('ifMatch' in action && action.ifMatch !== null && action.ifMatch !== task.revision)
        return { outcome: 'mismatch', current: toSeen(task) };
      if (action.kind === 'purge') tasks.delete(id);
      if (action.kind === 'purge') return { outcome: 'done', task: null };
      return action.kind.startsWith('read') ? { outcome: 'done', task: toSeen(task) } : changed(task, action);
    },
    tasksIn: (place) =>
      new Map(
        [...tasks.values()].filter((task) => task.place === place).map((task) => [task.id, toSeen(task)]),
      ),
  };
};

const toSeen = ({ id, title, completed, revision }: Stored): SeenTask => ({ id, title, completed, revision });
