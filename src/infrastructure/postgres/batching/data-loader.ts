import { AsyncLocalStorage } from 'node:async_hooks';
import type { Work } from '../../../application/ports/request-deadline.ts';
import { overloaded } from '../../../domain/errors.ts';
import type { QueueLimit } from '../client/queue-limit.ts';

export interface BatchLimits {
  /** Keys in a batch at most. */
  readonly maxBatchSize: number;
  /** Batches that may run at the same time. Keys that are loaded meanwhile wait for a later batch. */
  readonly maxConcurrentBatches: number;
}

/** How long keys wait for a later batch. A key beyond these limits rejects with `overloaded`, and is never sent. */
export interface QueueLimits {
  readonly queueLimit: QueueLimit;
  readonly maxWaitMilliseconds: number;
  /** The request that loads a key. A key whose request is over is not sent. */
  readonly current?: () => Work;
}

/** The requests that a batch serves. */
export interface Batch {
  /** When the first of its keys was loaded, as a value of `performance.now`. */
  readonly since: number;
  /** Calls `beginWrite` for the request of every key; false where the time limit of one has passed. */
  readonly beginWrite: () => boolean;
}

/** Carries out one statement for all these keys; the result returns the value of a key, by its index. */
export type LoadBatch<Key, Value> = (
  keys: readonly Key[],
  batch: Batch,
) => Promise<(key: Key, index: number) => Value>;

interface Pending<Key, Value> {
  readonly key: Key;
  readonly since: number;
  readonly request: Work | undefined;
  readonly result: PromiseWithResolvers<Value>;
  /** Set for a key that has to wait for a later batch. */
  timer: NodeJS.Timeout | undefined;
}

/**
 * Loads all keys of one turn of the event loop, and those that come while earlier batches are running, by one statement,
 * so that under load a key costs a fraction of a round trip. A batch is sent after all of its keys were loaded, never
 * before, so that its values are no older than any of these calls.
 */
export const createDataLoader = <Key, Value>(
  loadBatch: LoadBatch<Key, Value>,
  limits: BatchLimits & QueueLimits,
): ((key: Key) => Promise<Value>) => {
  const { maxBatchSize, maxConcurrentBatches, queueLimit, maxWaitMilliseconds, current } = limits;
  // A batch runs outside of the requests that it serves: the time limit of one must not end the others.
  const runOutside = AsyncLocalStorage.snapshot();
  const queue = new Set<Pending<Key, Value>>();
  let runningBatches = 0;
  let isScheduled = false;

  const sendBatch = async (batch: readonly Pending<Key, Value>[]): Promise<void> => {
    for (const { request, result } of batch) if (request?.isOver === true) result.reject(overloaded());
    const pending = batch.filter(({ request }) => request?.isOver !== true);
    if (pending.length === 0) return;
    try {
      const valueOf = await loadBatch(
        pending.map(({ key }) => key),
        {
          since: pending[0]?.since ?? performance.now(),
          beginWrite: () => {
            if (pending.some(({ request }) => request?.isOver === true)) return false;
            return pending.map(({ request }) => request?.beginWrite() ?? true).every(Boolean);
          },
        },
      );
      pending.forEach(({ key, result }, index) => result.resolve(valueOf(key, index)));
    } catch (error) {
      for (const { result } of pending) result.reject(error);
    }
  };

  const takeBatch = (): readonly Pending<Key, Value>[] => {
    const batch: Pending<Key, Value>[] = [];
    for (const pending of queue) {
      if (batch.length === maxBatchSize) break;
      queue.delete(pending);
      if (pending.timer !== undefined) queueLimit.leave();
      clearTimeout(pending.timer);
      batch.push(pending);
    }
    return batch;
  };

  const sendBatches = (): void => {
    isScheduled = false;
    while (queue.size > 0 && runningBatches < maxConcurrentBatches) {
      const batch = takeBatch();
      runningBatches += 1;
      void sendBatch(batch).then(() => {
        runningBatches -= 1;
        schedule();
      });
    }
  };

  const schedule = (): void => {
    if (isScheduled || runningBatches >= maxConcurrentBatches || queue.size === 0) return;
    isScheduled = true;
    runOutside(setImmediate, sendBatches);
  };

  const timeOut = (pending: Pending<Key, Value>): void => {
    queue.delete(pending);
    queueLimit.leave();
    pending.result.reject(overloaded());
  };

  return (key) => {
    const result = Promise.withResolvers<Value>();
    const roomInNextBatches = maxBatchSize * (maxConcurrentBatches - runningBatches);
    const mustWait = queue.size >= roomInNextBatches;
    if (mustWait && !queueLimit.tryEnter()) return Promise.reject(overloaded());
    const pending: Pending<Key, Value> = {
      key,
      since: performance.now(),
      request: current?.(),
      result,
      timer: undefined,
    };
    if (mustWait) pending.timer = setTimeout(timeOut, maxWaitMilliseconds, pending);
    queue.add(pending);
    schedule();
    return result.promise;
  };
};

/** Loads each key at once, by a batch of its own. For a load that only reads: it calls no `beginWrite`. */
export const loadAlone =
  <Key, Value>(loadBatch: LoadBatch<Key, Value>): ((key: Key) => Promise<Value>) =>
  async (key) => {
    const valueOf = await loadBatch([key], { since: performance.now(), beginWrite: () => true });
    return valueOf(key, 0);
  };
