import { AsyncLocalStorage } from 'node:async_hooks';

export interface BatchLimits {
  /** Keys in a batch at most. */
  readonly size: number;
  /** Batches on their way at most; whoever asks meanwhile goes with a later one. */
  readonly onTheirWay: number;
}

/** Reads what belongs to all these keys; the result tells what belongs to which. */
export type Load<Key, Value> = (keys: readonly Key[]) => Promise<(key: Key, index: number) => Value>;

interface Asked<Key, Value> {
  readonly key: Key;
  readonly answer: PromiseWithResolvers<Value>;
}

/**
 * Answers all who ask in one turn of the event loop, or while earlier batches are on their way, at once, so that under
 * load an answer costs a fraction of a round trip. A batch is sent after all of its keys were asked for, never before.
 */
export const batched = <Key, Value>(
  load: Load<Key, Value>,
  { size, onTheirWay: most }: BatchLimits,
): ((key: Key) => Promise<Value>) => {
  // A batch belongs to none of those who asked: the deadline of one of them must not be that of the others.
  const apart = AsyncLocalStorage.snapshot();
  let waiting: Asked<Key, Value>[] = [];
  let onTheirWay = 0;
  let isScheduled = false;

  const answer = async (asked: readonly Asked<Key, Value>[]): Promise<void> => {
    try {
      const valueOf = await load(asked.map(({ key }) => key));
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

  return (key) => {
    const answer = Promise.withResolvers<Value>();
    waiting.push({ key, answer });
    schedule();
    return answer.promise;
  };
};
