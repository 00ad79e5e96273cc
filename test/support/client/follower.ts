import type { Client, FollowOptions, FollowStatus, Update } from '../../../client/src/taskhold.ts';
import { until } from '../until.ts';

/** A running `follow`. Disposing of it ends it by its signal. */
export interface Follower extends AsyncDisposable {
  readonly updates: readonly Update[];
  readonly statuses: readonly FollowStatus[];
  /** The titles in the last copy, in alphabetical order. */
  titles(): readonly string[];
  /** Waits until the last copy has these titles. */
  shows(...titles: readonly string[]): Promise<void>;
  /** Settles when the loop ends. */
  readonly ended: Promise<void>;
}

export const startFollower = (client: Client, options: FollowOptions = {}): Follower => {
  const leaving = new AbortController();
  const updates: Update[] = [];
  const statuses: FollowStatus[] = [];
  const run = async (): Promise<void> => {
    const { signal } = leaving;
    const onStatus = (status: FollowStatus): void => void statuses.push(status);
    for await (const update of client.follow({ reconnectMs: 20, pollMs: 50, ...options, signal, onStatus }))
      updates.push(update);
  };
  const ended = run();
  ended.catch(() => undefined); // a test that expects an error awaits it
  const titles = (): readonly string[] =>
    [...(updates.at(-1)?.tasks.values() ?? [])].map(({ title }) => title).sort();
  return {
    updates,
    statuses,
    titles,
    shows: (...expected) =>
      until(
        `the copy has ${expected.join()}`,
        () => updates.length > 0 && titles().join() === expected.join(),
      ),
    ended,
    [Symbol.asyncDispose]: async () => {
      leaving.abort();
      await ended.catch(() => undefined);
    },
  };
};
