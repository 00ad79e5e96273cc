/** A piece of work with a time limit, as the adapters that carry it out see it. */
export interface Work {
  /** The time limit has passed: no further step of the work is to begin. */
  readonly isOver: boolean;
  /**
   * Called just before a write is sent to a store. False: the time limit has passed, and the write must not be sent. True:
   * from now on a timeout cannot promise that nothing was done.
   */
  beginWrite(): boolean;
}

/** Bounds the time of work, whatever it waits for. */
export interface RequestDeadline {
  /**
   * Does the work. When it takes too long, rejects with `outcome_unknown` if a write was sent for it, else with
   * `timeout`: then nothing was done. In both cases no further step of the work begins.
   */
  limit<Result>(work: () => Promise<Result>): Promise<Result>;
  /** The work that the caller is a part of, at any depth. */
  current(): Work;
}
