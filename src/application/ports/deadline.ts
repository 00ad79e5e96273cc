/** A piece of work, for whoever wants to know whether it is still wanted. */
export interface Work {
  /** Nobody waits for it any more. */
  readonly isOver: boolean;
}

/** Bounds the time of work, whatever it waits for. */
export interface Deadline {
  /** Does the work. Rejects with `timeout` when it takes too long; then what has not begun of it is not to begin. */
  limit<Result>(work: () => Promise<Result>): Promise<Result>;
  /** The work that this is called from, at whatever depth. */
  current(): Work;
}
