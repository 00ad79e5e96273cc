import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { numbers } from '../../../support/in-batches.ts';
import { tokenFor } from '../../../support/tokens/tokens.ts';
import { until } from '../../../support/until.ts';
import { createHistory, type History } from '../history.ts';
import { createEventClient } from './event-client.ts';
import { createFollower } from './follower.ts';
import { createHistoryClient } from './history-client.ts';
import { createTaskPool } from './task-pool.ts';

/** One user with several clients that write to the same tasks, a follower and two streams of events. */
export interface Team {
  readonly history: History;
  /** How many changes the follower has applied. */
  readonly applied: number;
  /** Ends the calls; resolves when the last one has ended. */
  stop(): Promise<void>;
  /**
   * After `stop`, when the service is well: reads everything once more, and waits until the follower and the streams have caught up
   * with it. Returns the violations of the follower, and how it differs from the list.
   */
  finish(): Promise<readonly string[]>;
  close(): Promise<void>;
}

const clientsPerUser = 4;
const keyedClients = 2;

/** One of two streams of a user is opened again and again; see {@link createEventClient}. */
const shortStreamMs = 1_500;

/** How long the follower and the streams may need in the end. */
const catchUpMs = 10_000;

export const startTeam = async (port: number): Promise<Team> => {
  const history = createHistory(`team-${randomBytes(4).toString('hex')}`);
  const token = await tokenFor(history.user);
  const pool = createTaskPool();
  const seed = randomBytes(4).readUInt32LE();
  const clients = numbers(clientsPerUser).map((n) =>
    createHistoryClient({
      port,
      token,
      name: `client ${n + 1}${n < keyedClients ? ', keyed' : ''}`,
      usesKeys: n < keyedClients,
      history,
      pool,
      seed: seed + n,
    }),
  );
  const follower = createFollower(port, token, history, seed);
  const { copy } = follower;
  const streams = [null, shortStreamMs].map((longestStreamMs, n) =>
    createEventClient({ port, token, name: `stream ${n + 1}`, history, longestStreamMs, seed: seed + n }),
  );
  const stopping = new AbortController();
  const closing = new AbortController();
  const running = Promise.all([...clients, follower].map((client) => client.run(stopping.signal)));
  const streaming = Promise.all(streams.map((stream) => stream.run(closing.signal)));

  return {
    history,
    get applied() {
      return follower.copy.applied;
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
    finish: async () => {
      let differences: readonly string[] = [];
      await until(
        'the follower and the streams are up to date',
        async () => {
          await clients[0]?.readAll('trash');
          const list = (await clients[0]?.readAll('list')) ?? null;
          while (await follower.read());
          // Read again where a write without an answer has taken effect meanwhile.
          const seen = [copy.since, ...streams.map(({ revision }) => revision)];
          const isUpToDate = list !== null && seen.every((revision) => revision === list.revision);
          if (isUpToDate) differences = copy.differencesFrom(list.tasks);
          else await pause(100);
          return isUpToDate;
        },
        catchUpMs,
      );
      return [...copy.violations, ...differences].map((violation) => `${history.user}: ${violation}`);
    },
    close: async () => {
      closing.abort();
      await streaming;
      for (const client of [...clients, follower]) client.close();
    },
  };
};
