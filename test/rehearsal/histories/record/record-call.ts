import { setTimeout as pause } from 'node:timers/promises';
import type { ClientResponse } from '../../../faults/clients/client.ts';
import type { Action, Answer, Call, History, Sighting } from '../history.ts';
import { outcomeOf, type Outcome } from './outcome.ts';

/** A call to record; `send` is called again only where `isKeyed`. */
export interface CallToRecord {
  readonly client: string;
  /** Null: a creation, or a call about the whole trash. */
  readonly id: string | null;
  readonly action: Action;
  readonly isKeyed: boolean;
  /** Null: the client has closed the connection before it had a response. */
  readonly send: () => Promise<ClientResponse | null>;
}

/** Under a key: between two attempts, in milliseconds. */
const retryPauseMs = 100;

/** Longer than any fault. A keyed call that has no answer by then is recorded without one. */
const longestRetryMs = 30_000;

/**
 * Sends a request and records it. Under a key it is sent until it is answered: one call, from the start of the first attempt to the end
 * of the last. A call that was refused is not recorded, because it has no effect: one that has would be unexplained. Returns
 * the answer, or null where there is none.
 */
export const recordCall = async (history: History, call: CallToRecord): Promise<Answer | null> => {
  const { client, id, action, isKeyed, send } = call;
  const startedAt = performance.now();
  const note = (answer: Answer | null, since: number): void => {
    const endedAt = answer === null ? Infinity : performance.now();
    noteCall(history, { client, id: idOf(answer) ?? id, action, answer, startedAt: since, endedAt });
  };
  for (let wasUnknown = false; ;) {
    const attemptedAt = performance.now();
    const response = await send();
    history.requests += 1;
    const result: Outcome = response === null ? { outcome: 'unknown' } : outcomeOf(response);
    switch (result.outcome) {
      case 'done':
        note(result, startedAt);
        return result;
      case 'missing':
      case 'mismatch':
        // This answer is about the last attempt. An earlier one, if it had no effect before, could still have one.
        note(result, attemptedAt);
        if (wasUnknown) note(null, attemptedAt);
        return result;
      case 'wrong':
        history.wrong.push(`${client}: ${action.kind} ${id}: ${response?.status} ${response?.text}`);
        note(null, startedAt);
        return null;
      case 'unknown':
        wasUnknown = true;
        break;
      case 'refused':
      case 'in use':
    }
    if (response !== null) history.failures += 1;
    if (!isKeyed || attemptedAt > startedAt + longestRetryMs) {
      if (wasUnknown) note(null, startedAt);
      return null;
    }
    await pause(retryPauseMs);
  }
};

const idOf = (answer: Answer | null): string | undefined =>
  answer?.outcome === 'done' ? answer.task?.id : undefined;

const noteCall = (history: History, call: Call): void => {
  const { action, answer, client, startedAt, endedAt } = call;
  // A read without an answer shows and changes nothing.
  if (action.kind === 'read' && answer === null) return;
  history.calls.push(call);
  const seen = sightingIn(action, answer);
  if (seen !== null) history.sightings.push({ client, startedAt, endedAt, what: action.kind, ...seen });
};

const sightingIn = (action: Action, answer: Answer | null): Pick<Sighting, 'revision' | 'rule'> | null => {
  if (answer?.outcome === 'mismatch') return { revision: answer.current.revision, rule: 'any' };
  if (answer?.outcome !== 'done' || answer.task === null) return null;
  return { revision: answer.task.revision, rule: action.kind === 'read' ? 'any' : 'new' };
};
