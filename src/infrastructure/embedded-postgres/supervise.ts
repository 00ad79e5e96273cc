import { setTimeout as delay } from 'node:timers/promises';
import type { Observer } from '../../application/ports/observer.ts';
import type { ServerLock } from './data-directory-lock.ts';
import type { Postmaster } from './postmaster-pid.ts';

/** A running server, and the lock of this service on it. */
export interface LockedServer {
  readonly lock: ServerLock;
  readonly found: Postmaster;
}

/** Pauses before a restart: each is twice the one before, and the first one again after a minute without a crash. */
const firstPauseMs = 100;
const longestPauseMs = 10_000;
const quietMs = 60_000;

interface Supervisor {
  /** Ends the supervision, and a restart that is under way. Returns the server; null: there is none. */
  stop(): Promise<LockedServer | null>;
}

/** Starts the server again whenever it is gone, by `restart`, which must leave nothing behind where it fails. */
export const supervise = (
  first: LockedServer,
  restart: (signal: AbortSignal) => Promise<LockedServer>,
  observe: Observer,
): Supervisor => {
  const stopping = new AbortController();
  const { signal } = stopping;
  const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  let current: LockedServer | null = first;
  const isStopping = (): boolean => signal.aborted;
  let pause = firstPauseMs;

  /** Null: stopped meanwhile. */
  const attempt = async (): Promise<LockedServer | null> => {
    try {
      await delay(pause, undefined, { signal });
      return await restart(signal);
    } catch (error) {
      if (!signal.aborted) observe({ type: 'embedded_postgres_lost', error });
      return null;
    } finally {
      pause = Math.min(2 * pause, longestPauseMs);
    }
  };

  const watch = async (): Promise<void> => {
    for (;;) {
      const since = performance.now();
      await Promise.race([current?.lock.lost, stopped]);
      if (signal.aborted) return;
      if (performance.now() - since > quietMs) pause = firstPauseMs;
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
