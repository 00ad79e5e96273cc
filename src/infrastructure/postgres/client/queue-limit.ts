/** Bounds how much work waits, in several queues together. */
export interface QueueLimit {
  /** Counts a piece of work as waiting; false, without counting it, where as many are waiting as may. */
  readonly tryEnter: () => boolean;
  /** To be called once for each `tryEnter` that returned true. */
  readonly leave: () => void;
  readonly waiting: () => number;
}

export const createQueueLimit = (max: number): QueueLimit => {
  let waiting = 0;
  return {
    tryEnter: () => {
      if (waiting >= max) return false;
      waiting += 1;
      return true;
    },
    leave: () => {
      waiting -= 1;
    },
    waiting: () => waiting,
  };
};
