import { setTimeout as delay } from 'node:timers/promises';
import type { Observer } from '../../application/ports/observer.ts';
import type { Claim } from './data-directory-lock.ts';
import type { Postmaster } from './postmaster-pid.ts';

/** A server that runs, and a share in it. */
export interface ClaimedServer {
  readonly claimed: Claim;
  readonly found: Postmaster;
}

/** Pauses before a restart: each is twice the one before, and the first one again after a minute without a crash. */
const firstPauseMilliseconds = 100;
const longestPauseMilliseconds = 10_000;
const quietMilliseconds = 60_000;

export interface Supervisor {
  /** Ends the supervision, and a restart that is under way. Returns the server; null: there is none. */
  stop(): Promise<ClaimedServer | null>;
}

/** Starts the server again whenever it is gone, by `restart`, which must leave nothing behind where it fails. */
export const supervise = (
  first: ClaimedServer,
  restart: (signal: AbortSignal) => Promise<ClaimedServer>,
  observe: Observer,
): Supervisor => {
  const stopping = new AbortController();
  const { signal } = stopping;
  const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  let current: ClaimedServer | null = first;
  const isStopping = (): boolean => signal.aborted;
  let pause = firstPauseMilliseconds;

  /** Null: stopped meanwhile. */
  const attempt = async (): Promise<ClaimedServer | null> => {
    try {
      await delay(pause, undefined, { signal });
      return await restart(signal);
    } catch (error) {
      if (!signal.aborted) observe({ type: 'embedded_postgres_lost', error });
      return null;
    } finally {
      pause = Math.min(2 * pause, longestPauseMilliseconds);
    }
  };

  const watch = async (): Promise<void> => {
    for (;;) {
      const since = performance.now();
      await Promise.race([current?.claimed.lost, stopped]);
      if (signal.aborted) return;
      if (performance.now() - since > quietMilliseconds) pause = firstPauseMilliseconds;
      current = null;
      observe({ type: 'embedded_postgres_lost', error: new Error('The embedded PostgreSQL has ended') });
      while (current === null) {
        current = await attempt();
        if (isStopping()) return;
      }
      observe({ type: 'embedded_postgres_recovered' });
    }
  };
  const watching = watch();
  return {
    stop: async () => {
      stopping.abort();
      await watching;
      return current;
    },
  };
};
