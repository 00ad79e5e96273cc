import { AsyncLocalStorage } from 'node:async_hooks';
import type { Work } from '../../application/ports/deadline.ts';
import { overloaded } from '../../domain/errors.ts';

export interface BatchLimits {
  /** Keys in a batch at most. */
  readonly size: number;
  /** Batches on their way at most; whoever asks meanwhile goes with a later one. */
  readonly onTheirWay: number;
}

/** How many keys may wait for a later batch, and for how long; one more, and a key that waits longer, rejects with `overloaded`. */
export interface Waiting {
  readonly waiting: number;
  readonly waitMilliseconds: number;
  /** The work that a key is asked for by; a key whose work is over is not sent any more. */
  readonly current?: () => Work;
}

/** What a batch knows of the calls that it is made of. */
export interface Batch {
  /** When the first of its keys was asked for, as a value of `performance.now`. */
  readonly since: number;
  /** Calls `beginWrite` of the work of every key; false where the time limit of one has passed. */
  readonly beginWrite: () => boolean;
}

/** Carries out one statement for all these keys; the result maps a key, by its index, to its value. */
export type Load<Key, Value> = (
  keys: readonly Key[],
  batch: Batch,
) => Promise<(key: Key, index: number) => Value>;

export interface Batches<Key, Value> {
  readonly ask: (key: Key) => Promise<Value>;
  /** How many wait for a later batch, because there is no room for them in the next. */
  readonly waiting: () => number;
}

interface Asked<Key, Value> {
  readonly key: Key;
  readonly since: number;
  readonly work: Work | undefined;
  readonly answer: PromiseWithResolvers<Value>;
  /** Of those that could not go at once. */
  readonly timer: NodeJS.Timeout | undefined;
}

/**
 * Answers all who ask in one turn of the event loop, or while earlier batches are on their way, at once, so that under
 * load an answer costs a fraction of a round trip. A batch is sent after all of its keys were asked for, never before.
 */
export const batched = <Key, Value>(
  load: Load<Key, Value>,
  { size, onTheirWay: most, waiting: mostWaiting, waitMilliseconds, current }: BatchLimits & Waiting,
): Batches<Key, Value> => {
  // A batch belongs to none of those who asked: the deadline of one of them must not be that of the others.
  const apart = AsyncLocalStorage.snapshot();
  let waiting: Asked<Key, Value>[] = [];
  let onTheirWay = 0;
  let isScheduled = false;

  const answer = async (taken: readonly Asked<Key, Value>[]): Promise<void> => {
    for (const { timer } of taken) clearTimeout(timer);
    const asked = taken.filter(({ work }) => work?.isOver !== true);
    for (const { work, answer } of taken) if (work?.isOver === true) answer.reject(overloaded());
    if (asked.length === 0) return;
    try {
      const valueOf = await load(
        asked.map(({ key }) => key),
        {
          since: asked[0]?.since ?? performance.now(),
          beginWrite: () => asked.every(({ work }) => work?.beginWrite() ?? true),
        },
      );
      asked.forEach(({ key, answer }, index) => answer.resolve(valueOf(key, index)));
    } catch (error) {
      for (const { answer } of asked) answer.reject(error);
    }
  };

  const send = (): void => {
    isScheduled = false;
    while (waiting.length > 0 && onTheirWay < most) {
      const asked = waiting.slice(0, size);
      waiting = waiting.slice(size);
      onTheirWay += 1;
      void answer(asked).then(() => {
        onTheirWay -= 1;
        schedule();
      });
    }
  };

  const schedule = (): void => {
    if (isScheduled || onTheirWay >= most || waiting.length === 0) return;
    isScheduled = true;
    apart(setImmediate, send);
  };

  const giveUp = (answer: PromiseWithResolvers<Value>): void => {
    waiting = waiting.filter((asked) => asked.answer !== answer);
    answer.reject(overloaded());
  };

  const ask = (key: Key): Promise<Value> => {
    const answer = Promise.withResolvers<Value>();
    const placesLeft = size * (most - onTheirWay);
    const mustWait = waiting.length >= placesLeft;
    if (waiting.length >= placesLeft + mostWaiting) return Promise.reject(overloaded());
    const timer = mustWait ? setTimeout(giveUp, waitMilliseconds, answer) : undefined;
    waiting.push({ key, since: performance.now(), work: current?.(), answer, timer });
    schedule();
    return answer.promise;
  };

  return { ask, waiting: () => waiting.filter(({ timer }) => timer !== undefined).length };
};
