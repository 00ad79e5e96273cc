/** A unit of work with a time limit, usually a request. */
export interface Work {
  /** True once the time limit has passed. Then no further step may begin. */
  readonly isOver: boolean;
  /**
   * Must be called just before a write is sent to a store. Returns false if the time limit has passed: the write must not be
   * sent. After true, a timeout is reported as `outcome_unknown`.
   */
  beginWrite(): boolean;
}

/** Limits the duration of work. */
export interface RequestDeadline {
  /**
   * Runs the work. After the time limit, rejects with `outcome_unknown` if the work has sent a write, otherwise with
   * `timeout`, which means that nothing was done. In both cases no further step of the work begins.
   */
  limit<Result>(work: () => Promise<Result>): Promise<Result>;
  /** The work that the calling code belongs to, at any depth of calls. Outside of all work: one without a limit. */
  current(): Work;
}
