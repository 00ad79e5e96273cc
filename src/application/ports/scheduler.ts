/** Runs work later, outside of the request that schedules it: neither its time limit nor its trace applies to the work. */
export interface Scheduler {
  /** Runs the work after this many milliseconds, at the earliest after the current turn. Returns what cancels it. */
  after(milliseconds: number, work: () => void): () => void;
}
