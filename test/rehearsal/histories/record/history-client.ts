import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { faultClient, type ClientResponse } from '../../../faults/clients/client.ts';
import { listRevision, task as taskBody } from '../../../faults/clients/reads.ts';
import { random } from '../../../support/random.ts';
import type { Action, History, Snapshot } from '../history.ts';
import { chooseAction } from './choose-action.ts';
import { noteFailure } from './note-failure.ts';
import { recordCall } from './record-call.ts';
import { requestOf } from './request-of.ts';
import type { TaskPool } from './task-pool.ts';

export interface HistoryClientOptions {
  readonly port: number;
  readonly token: string;
  readonly name: string;
  /** Whether writes have a key, and are repeated until they are answered. */
  readonly usesKeys: boolean;
  readonly history: History;
  readonly pool: TaskPool;
  readonly seed: number;
}

/** One of several clients of a user, on one connection. */
export interface HistoryClient {
  /** Sends and records one random call after another, until the signal. */
  run(stopping: AbortSignal): Promise<void>;
  /** Reads and records all tasks in one place, and the counter that a list shows. Null: no answer. */
  readAll(place: 'list' | 'trash'): Promise<{ tasks: Snapshot['tasks']; revision: number } | null>;
  close(): void;
}

/** Up to this pause between two calls, in milliseconds. */
const longestPauseMs = 50;

/** After a call without an answer, in milliseconds. */
const failurePauseMs = 100;

/** How many of 100 attempts are cut off by the client, and up to how many milliseconds after their start. */
const hasty = { keyed: 20, others: 2, patienceMs: 30 };

const listPaths = ['/api/tasks', '/api/tasks?sort_by=updated_at', '/api/tasks?sort_by=title&limit=500'];

export const createHistoryClient = (options: HistoryClientOptions): HistoryClient => {
  const { port, token, name, usesKeys, history, pool, seed } = options;
  const client = faultClient(token);
  const chance = random(seed);
  let titles = 0;

  const call = async (id: string | null, action: Action): Promise<boolean> => {
    const { method, path, json, ifMatch, acceptsKey } = requestOf(
      id ?? '',
      action,
      chance.pick(['PUT', 'PATCH']),
    );
    const key = usesKeys && acceptsKey ? randomUUID() : undefined;
    const isKeyed = key !== undefined;
    const send = async (): Promise<ClientResponse | null> => {
      const isHasty = chance.below(100) < (isKeyed ? hasty.keyed : hasty.others);
      const hangUp = isHasty ? setTimeout(() => client.close(), chance.below(hasty.patienceMs)) : undefined;
      const response = await client.send(port, method, path, json, ifMatch, key);
      clearTimeout(hangUp);
      return isHasty && response.status === 0 ? null : response;
    };
    const answer = await recordCall(history, { client: name, id, action, isKeyed, send });
    pool.note(id, action, answer);
    return answer !== null;
  };

  const readAll: HistoryClient['readAll'] = async (place) => {
    const startedAt = performance.now();
    const response = await client.send(
      port,
      'GET',
      place === 'trash' ? '/api/tasks/trash' : chance.pick(listPaths),
    );
    const period = { client: name, startedAt, endedAt: performance.now() };
    history.requests += 1;
    const { data: shown } = z.array(taskBody).safeParse(response.json);
    if (response.status !== 200 || shown === undefined || response.headers['link'] !== undefined) {
      noteFailure(history, `${name}: the ${place}`, response);
      return null;
    }
    const tasks = new Map(shown.map((one) => [one.id, one]));
    history.snapshots.push({ ...period, place, tasks, isComplete: true });
    const highest = Math.max(0, ...shown.map(({ revision }) => revision));
    // Only a list shows the counter, in its entity tag.
    const revision = place === 'list' ? listRevision(response.headers) : highest;
    const rule = place === 'list' ? 'counter' : 'any';
    history.sightings.push({ ...period, what: `the ${place}`, revision, rule });
    if (!(highest <= revision)) history.wrong.push(`${name}: revision ${highest} in a list of ${revision}`);
    pool.noteAll(place, shown);
    return { tasks, revision };
  };

  return {
    run: async (stopping) => {
      while (!stopping.aborted) {
        titles += 1;
        const next = chooseAction(chance, pool, `${name} ${titles}`);
        const isAnswered =
          typeof next === 'string' ? (await readAll(next)) !== null : await call(next.id, next.action);
        await pause(isAnswered ? chance.below(longestPauseMs) : failurePauseMs);
      }
    },
    readAll,
    close: () => client.close(),
  };
};
