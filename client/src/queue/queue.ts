import { TaskholdError } from '../requests/errors.ts';
import { anyOf, isOffline, timeOf, whenOnline } from '../requests/pause.ts';
import type { Send } from '../requests/send.ts';
import { backoffMs } from '../requests/settings.ts';
import { idOf, isTaskId, newKey, type Write } from '../tasks/writes.ts';
import { forget, learn, rebased, type KnownTargets } from './rebase.ts';
import { sendWrite, type Outcome } from './send-write.ts';
import { memoryStorage, type QueuedWrite, type QueueStorage } from './storage.ts';

/** Options of `queue`. */
export interface QueueOptions {
  /** Default: memory, until the page is closed. */
  readonly storage?: QueueStorage | undefined;
  /**
   * Called once for each write that is done, refused or expired; a second time only if the page was closed or the storage failed
   * in between. What it throws is reported as an uncaught error, and the queue goes on.
   */
  readonly onSettled?: ((entry: QueuedWrite, outcome: Outcome) => void) | undefined;
  /** The pause after the first failure, in milliseconds; each further one is twice as long, up to 30,000. Default: 1,000. */
  readonly retryDelayMs?: number | undefined;
}

/** Writes that wait for the network. They are sent one after the other, in their order. */
export interface Queue {
  /**
   * Keeps the write, and sends it as soon as possible. Resolves when it is kept. Rejects, and keeps nothing:
   * - with a `TypeError` where the write cannot be sent as JSON;
   * - with `task_not_found` where the target is neither the id of a task, nor that of a new task that waits, nor that of a new task that
   *   this queue has sent. A new task that another tab has sent is not found.
   */
  add(write: Write): Promise<QueuedWrite>;
  /** The writes that are not settled, in their order. */
  pending(): Promise<readonly QueuedWrite[]>;
  /** Sends what is pending now. Resolves with whether nothing is left. */
  flush(): Promise<boolean>;
  /** Stops sending. What is pending stays in the storage. */
  close(): void;
}

export const createQueue = (
  send: Send,
  signal: AbortSignal | undefined,
  options: QueueOptions = {},
): Queue => {
  const { storage = memoryStorage(), onSettled } = options;
  const retryDelayMs = timeOf(options.retryDelayMs ?? 1_000);
  const closing = new AbortController();
  const closed = anyOf(signal, closing.signal);
  const known: KnownTargets = new Map();
  let lastQueuedAt = 0;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** The last work {@link inTurn}; it never rejects. */
  let last: Promise<unknown> = Promise.resolve();

  const pending = async (): Promise<readonly QueuedWrite[]> =>
    [...(await storage.all())].sort((a, b) => a.queuedAt - b.queuedAt || (a.id < b.id ? -1 : 1));

  const settle = async (entry: QueuedWrite, outcome: Outcome): Promise<void> => {
    // The entry is removed last: where the page is closed in between, it is sent again, with the same result.
    if (outcome.status === 'done') {
      learn(known, entry, outcome.task);
      for (const later of await pending()) {
        const next = rebased(later, known);
        if (next !== later) await storage.put(next);
      }
    }
    if (outcome.status === 'refused' && outcome.error.code === 'revision_mismatch') forget(known, entry);
    try {
      onSettled?.(entry, outcome);
    } catch (error) {
      report(error);
    }
    await storage.remove(entry.id);
  };

  /** Sends until nothing is left; throws what keeps it from that. Reads the storage each time: other tabs write to it too. */
  const drain = async (): Promise<boolean> => {
    for (;;) {
      const [first] = await pending();
      if (first === undefined) return true;
      if (closed.aborted || isOffline()) return false;
      const entry = rebased(first, known);
      await settle(entry, await sendWrite(send, storage, entry, closed));
      failures = 0;
    }
  };

  const drainOrRetry = async (): Promise<boolean> => {
    clearTimeout(timer);
    timer = undefined;
    try {
      return await exclusively(storage.name, drain);
    } catch (error) {
      if (closed.aborted) return false;
      const isOfService = error instanceof TaskholdError;
      const retryAfterMs = isOfService ? (error.retryAfterMs ?? 0) : 0;
      failures += 1;
      const delay = retryAfterMs + backoffMs(failures, retryDelayMs);
      timer = setTimeout(flushNow, delay);
      if (isOfService) return false;
      throw error;
    }
  };

  const inTurn = (work: () => Promise<boolean>): Promise<boolean> => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
  const flush = (): Promise<boolean> => inTurn(drainOrRetry);
  const flushNow = (): void => void flush().catch(report);

  whenOnline(flushNow, closed);
  closed.addEventListener('abort', () => clearTimeout(timer));
  flushNow();
  return {
    add: async (write) => {
      const waiting = await pending();
      const id = write.kind === 'create' ? null : idOf(write.target);
      if (id !== null && !isTaskId(id) && !known.has(id) && !waiting.some((entry) => entry.id === id))
        throw new TaskholdError({ status: 0, code: 'task_not_found', detail: 'There is no such task.' });
      JSON.stringify(write); // throws where it cannot be sent: it would hold up the writes behind it
      // After all that waits, of other pages too, also where the clock was set back meanwhile.
      lastQueuedAt = Math.max(Date.now(), lastQueuedAt + 1, (waiting.at(-1)?.queuedAt ?? 0) + 1);
      const entry = { id: newKey(), queuedAt: lastQueuedAt, sentAt: null, write };
      await storage.put(entry);
      // After a failure the timer sends it: no request is sent before `Retry-After`.
      inTurn(async () => timer !== undefined || drainOrRetry()).catch(report);
      return entry;
    },
    pending,
    flush,
    close: () => closing.abort(),
  };
};

/** Runs the work in one tab at a time, where the browser has locks (pages of https and of localhost). */
const exclusively = (name: string, work: () => Promise<boolean>): Promise<boolean> =>
  'locks' in navigator ? navigator.locks.request(name, work) : work();

/** As an uncaught error, for which an app may have a handler; where there is no `reportError`, as in Node, in the console. */
const report = (error: unknown): void => {
  const scope: { readonly reportError?: (error: unknown) => void; readonly console: unknown } = globalThis;
  if (scope.reportError) scope.reportError(error);
  else console.error(error);
};
