import type { Action, Answer, Call, History, SeenTask } from '../history.ts';

/**
 * The calls of each task by its id. Every list, `changes` and trash is a read of each task that it shows or leaves out; emptying the
 * trash is a call of each task.
 */
export const callsByTask = (history: History): ReadonlyMap<string, readonly Call[]> => {
  const byTask = new Map<string, Call[]>();
  const add = (id: string, call: Call): void => {
    const calls = byTask.get(id);
    if (calls === undefined) byTask.set(id, [{ ...call, id }]);
    else calls.push({ ...call, id });
  };

  const idOf = creations(history);
  for (const call of history.calls) {
    if (call.id !== null) add(call.id, call);
    // A creation without an answer, whose title no client has seen, cannot contradict anything.
    const id = call.id === null && call.action.kind === 'create' ? idOf.get(call.action.title) : undefined;
    if (id !== undefined) add(id, call);
  }
  for (const { tasks } of history.snapshots)
    for (const id of tasks.keys()) if (!byTask.has(id)) byTask.set(id, []);

  for (const [id, calls] of byTask) {
    // Before the first call of a task, it is in no place and in no list.
    const begin = Math.min(...calls.map(({ startedAt }) => startedAt));
    for (const call of history.calls)
      if (call.action.kind === 'empty the trash' && call.endedAt >= begin) calls.push({ ...call, id });
    for (const { tasks, isComplete, place, ...period } of history.snapshots) {
      const task = tasks.get(id);
      if (task === undefined && (!isComplete || period.endedAt < begin)) continue;
      const action: Action = { kind: place === 'list' ? 'read' : 'read in the trash' };
      calls.push({ ...period, id, action, answer: answerOf(task ?? null) });
    }
  }
  return byTask;
};

const answerOf = (task: SeenTask | null): Answer =>
  task === null ? { outcome: 'missing' } : { outcome: 'done', task };

/**
 * The id of each task by its first title, for creations without an answer. Other clients learn the id from an answer that shows this
 * title. A second task with the title has no creation, and is found as a violation.
 */
const creations = ({ calls, snapshots }: History): ReadonlyMap<string, string> => {
  const answered = new Set(calls.map(({ id, action }) => (action.kind === 'create' ? id : null)));
  const ids = new Map<string, string>();
  for (const task of snapshots.flatMap(({ tasks }) => [...tasks.values()]))
    if (task !== null && !answered.has(task.id) && !ids.has(task.title)) ids.set(task.title, task.id);
  return ids;
};
