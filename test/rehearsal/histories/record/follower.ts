import { setTimeout as pause } from 'node:timers/promises';
import { faultClient } from '../../../faults/clients/client.ts';
import { random } from '../../../support/random.ts';
import type { History } from '../history.ts';
import { changesPage, createCopy, type Copy } from './copy.ts';
import { noteFailure } from './note-failure.ts';

/** A client that reads nothing but `changes`. */
export interface Follower {
  readonly copy: Copy;
  /** Reads one answer at random moments, until the signal. */
  run(stopping: AbortSignal): Promise<void>;
  /** Reads one answer; returns whether there are more changes. */
  read(): Promise<boolean>;
  close(): void;
}

/** Up to this pause between two answers, in milliseconds. */
const longestPauseMs = 300;

/** Small, so that most answers have more changes behind them. */
const highestLimit = 4;

export const createFollower = (port: number, token: string, history: History, seed: number): Follower => {
  const client = faultClient(token);
  const chance = random(seed);
  const name = 'the follower';
  const copy = createCopy();

  const read = async (): Promise<boolean> => {
    const startedAt = performance.now();
    const limit = 1 + chance.below(highestLimit);
    const response = await client.send(port, 'GET', `/api/tasks/changes?since=${copy.since}&limit=${limit}`);
    const period = { client: name, startedAt, endedAt: performance.now() };
    history.requests += 1;
    const { data } = changesPage.safeParse(response.json);
    if (response.status !== 200 || data === undefined) {
      // 410 is wrong here: the counter never goes back, and no tombstone expires.
      noteFailure(history, `${name} since ${copy.since}`, response);
      return false;
    }
    const tasks = new Map(data.changes.map(({ id, task }) => [id, task]));
    history.snapshots.push({ ...period, place: 'list', tasks, isComplete: false });
    history.sightings.push({ ...period, what: 'changes', revision: data.revision, rule: 'counter' });
    copy.apply(data);
    return data.has_more;
  };

  return {
    copy,
    run: async (stopping) => {
      while (!stopping.aborted) {
        await read();
        await pause(chance.below(longestPauseMs));
      }
    },
    read,
    close: () => client.close(),
  };
};
