import { AsyncLocalStorage } from 'node:async_hooks';
import type { Work } from '../../application/ports/deadline.ts';
import { busy } from './gate.ts';

export interface BatchLimits {
  /** Keys in a batch at most. */
  readonly size: number;
  /** Batches on their way at most; whoever asks meanwhile goes with a later one. */
  readonly onTheirWay: number;
}

/** How many keys may wait for a later batch, and for how long; one more, and who waits longer, is told `unavailable`. */
export interface Waiting {
  readonly waiting: number;
  readonly waitMilliseconds: number;
  /** The work that a key is asked for by; a key whose work is over is not sent any more. */
  readonly current?: () => Work;
}

/**
 * Reads what belongs to all these keys, of which the first was asked for at that moment of `performance.now`; the result
 * tells what belongs to which.
 */
export type Load<Key, Value> = (
  keys: readonly Key[],
  since: number,
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
    for (const { work, answer } of taken) if (work?.isOver === true) answer.reject(busy());
    if (asked.length === 0) return;
    try {
      const valueOf = await load(
        asked.map(({ key }) => key),
        asked[0]?.since ?? performance.now(),
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
    answer.reject(busy());
  };

  const ask = (key: Key): Promise<Value> => {
    const answer = Promise.withResolvers<Value>();
    const placesLeft = size * (most - onTheirWay);
    const mustWait = waiting.length >= placesLeft;
    if (waiting.length >= placesLeft + mostWaiting) return Promise.reject(busy());
    const timer = mustWait ? setTimeout(giveUp, waitMilliseconds, answer) : undefined;
    waiting.push({ key, since: performance.now(), work: current?.(), answer, timer });
    schedule();
    return answer.promise;
  };

  return { ask, waiting: () => waiting.filter(({ timer }) => timer !== undefined).length };
};
