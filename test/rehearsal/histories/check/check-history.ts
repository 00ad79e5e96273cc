import type { History } from '../history.ts';
import { callsByTask } from './calls-by-task.ts';
import { excerpt } from './excerpt.ts';
import { linearize } from './linearize.ts';
import { revisionViolations } from './revisions.ts';

/** The result for all calls of one user. */
export interface HistoryVerdict {
  /** An excerpt for each task whose calls have no order that explains them. */
  readonly notLinearizable: readonly string[];
  /** Tasks for which the search has reached its limit. */
  readonly undecided: readonly string[];
  readonly revisions: readonly string[];
  readonly tasks: number;
  /** Calls of all tasks, and reads of them by lists. */
  readonly callsOfTasks: number;
}

/** Checks every task, and the order of the revisions. */
export const checkHistory = (history: History): HistoryVerdict => {
  const byTask = callsByTask(history);
  const notLinearizable: string[] = [];
  const undecided: string[] = [];
  for (const [id, calls] of byTask) {
    const verdict = linearize(calls);
    if (verdict.outcome === 'undecided')
      undecided.push(`task ${id} of ${history.user}: ${calls.length} calls`);
    if (verdict.outcome === 'violation') notLinearizable.push(excerpt(calls, verdict.call, verdict.states));
  }
  return {
    notLinearizable,
    undecided,
    revisions: revisionViolations(history).map((violation) => `${history.user}: ${violation}`),
    tasks: byTask.size,
    callsOfTasks: [...byTask.values()].reduce((sum, calls) => sum + calls.length, 0),
  };
};
