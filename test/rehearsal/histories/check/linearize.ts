import type { Call } from '../history.ts';
import { notCreated, step, type TaskState } from './task-model.ts';

/** Whether the calls of one task have an order that explains every answer. */
export type Verdict = { readonly steps: number } & (
  | { readonly outcome: 'linearizable' | 'undecided' }
  /** Every order fails at the end of `call`, or before; before it the task can have been in one of `states`. */
  | { readonly outcome: 'violation'; readonly call: Call; readonly states: readonly TaskState[] }
);

/** All calls that ended before `index` in the order of ends have their place in the order; `done` are others that have too. */
interface Position {
  readonly index: number;
  /** Ascending positions in the list of calls. */
  readonly done: readonly number[];
  readonly state: TaskState;
}

/**
 * The search of Wing and Gong with the memory of Lowe, "Testing for linearizability" (2017): calls get their place as late as
 * possible, when one of them has ended. Then it goes last, behind the fewest other calls that make its answer right. A
 * position that was reached before is not tried again. A call without an answer gets a place only where it changes the task.
 * Beyond `maxSteps` calls of the model, a second or two, the result is `undecided`.
 */
export const linearize = (unsorted: readonly Call[], maxSteps = 500_000): Verdict => {
  const calls = unsorted.toSorted((a, b) => a.startedAt - b.startedAt);
  const ends = calls
    .map((call, id) => ({ call, id }))
    .filter(({ call }) => call.answer !== null)
    .sort((a, b) => a.call.endedAt - b.call.endedAt);
  const visited = new Set<string>();
  let steps = 0;
  let furthest: { index: number; states: TaskState[] } = { index: -1, states: [] };
  const openAt = openCalls(
    calls,
    ends.map(({ call }) => call.endedAt),
  );

  const apply = (state: TaskState, id: number): TaskState | null => {
    const call = calls[id];
    steps += 1;
    return call === undefined ? null : step(state, call.action, call.answer);
  };

  /** The positions behind the end of the next call, the shortest orders first. */
  function* successors({ index, done, state }: Position): Generator<Position, void> {
    const last = ends[index]?.id ?? -1;
    if (done.includes(last)) {
      yield { index: index + 1, done: done.filter((id) => id !== last), state };
      return;
    }
    const queue: Pick<Position, 'done' | 'state'>[] = [{ done, state }];
    const queued = new Set<string>();
    for (const one of queue) {
      const after = apply(one.state, last);
      if (after !== null) yield { index: index + 1, done: one.done, state: after };
      const tried = new Set<string>();
      for (const id of openAt[index] ?? []) {
        if (steps > maxSteps) return;
        if (id === last || one.done.includes(id)) continue;
        const isAnswered = calls[id]?.answer !== null;
        // Of several equal calls without an answer, the first can take the place of any.
        const action = isAnswered ? '' : JSON.stringify(calls[id]?.action);
        if (!isAnswered && tried.has(action)) continue;
        tried.add(action);
        const next = apply(one.state, id);
        if (next === null || (!isAnswered && next === one.state)) continue;
        const nextDone = [...one.done, id].sort((a, b) => a - b);
        const key = keyOf(nextDone, next);
        if (queued.has(key)) continue;
        queued.add(key);
        queue.push({ done: nextDone, state: next });
      }
    }
  }

  /** Adds a position, unless it was reached before. */
  const enter = (position: Position): Generator<Position, void> | null => {
    const key = `${position.index} ${keyOf(position.done, position.state)}`;
    if (visited.has(key)) return null;
    visited.add(key);
    if (position.index > furthest.index) furthest = { index: position.index, states: [] };
    if (position.index === furthest.index) furthest.states.push(position.state);
    return successors(position);
  };

  const path: (Generator<Position, void> | null)[] = [enter({ index: 0, done: [], state: notCreated })];
  while (path.length > 0 && steps <= maxSteps) {
    if (furthest.index === ends.length) return { outcome: 'linearizable', steps };
    const next = path.at(-1)?.next();
    if (next === undefined || next.done === true) path.pop();
    else {
      const entered = enter(next.value);
      if (entered !== null) path.push(entered);
    }
  }
  if (steps > maxSteps) return { outcome: 'undecided', steps };
  const call = ends[furthest.index]?.call;
  if (call === undefined) return { outcome: 'linearizable', steps };
  return { outcome: 'violation', steps, call, states: furthest.states };
};

/** For each end, the calls that had started and not ended before. Those with an answer are first, because they need a place. */
const openCalls = (calls: readonly Call[], ends: readonly number[]): readonly (readonly number[])[] => {
  let next = 0;
  let open: number[] = [];
  return ends.map((end) => {
    open = open.filter((id) => (calls[id]?.endedAt ?? 0) >= end);
    for (; (calls[next]?.startedAt ?? Infinity) <= end; next += 1)
      if ((calls[next]?.endedAt ?? 0) >= end) open.push(next);
    const isLost = (id: number): number => (calls[id]?.answer === null ? 1 : 0);
    return open.toSorted((a, b) => isLost(a) - isLost(b) || a - b);
  });
};

const keyOf = (done: readonly number[], state: TaskState): string =>
  `${done.join()} ${state.place} ${state.completed} ${state.revision} ${state.isExact} ${state.title}`;
