/** What a client knows of one of its tasks. */
export interface KnownTask {
  readonly id: string;
  title: string;
  completed: boolean;
  /** The one of the last acknowledged write; of a deletion, whose answer has none, at least this. */
  revision: number;
  /** A deletion was acknowledged. */
  isDeleted: boolean;
  /** A write that is under way, or that was not acknowledged: the task may be as before it or as after it. */
  uncertain: 'change' | 'delete' | null;
}

/** What the writes and reads of one user came to. */
export interface Ledger {
  readonly user: string;
  /** Writes. */
  sent: number;
  acknowledged: number;
  reads: number;
  /** By task id, the oldest first. */
  readonly tasks: Map<string, KnownTask>;
  /** The user's counter, as far as acknowledged writes show it. */
  revision: number;
  /** Answers that were no success, by status and code; `no answer` where none came. Reads count too. */
  readonly failures: Map<string, number>;
  /** Writes that were answered with 503: certainly not done. */
  refused: number;
  /** Writes of which nothing is known: answered with 502 or 504, or not at all. */
  unknown: number;
  /** Those of them that were not answered at all. */
  unanswered: number;
  /** Titles of creations that were refused. */
  readonly refusedTitles: Set<string>;
  /** Revisions that no write explains but one that was refused. */
  doneThoughRefused: number;
  /** Revisions that no write explains: an acknowledged write took more than one. */
  doubled: number;
  /** Acknowledged writes with a revision that is not above the one before. */
  repeated: number;
  /** Reads that showed less than what had been acknowledged before they were sent. */
  stale: number;
  /** Answers that no client may ever get, in words. */
  readonly wrong: string[];
  /** When writes were acknowledged, in milliseconds of the performance clock. */
  readonly acknowledgedAt: number[];
  /** When any request succeeded, on the same clock. */
  readonly succeededAt: number[];
  slowestMs: number;
}

export const createLedger = (user: string): Ledger => ({
  user,
  sent: 0,
  acknowledged: 0,
  reads: 0,
  tasks: new Map(),
  revision: 0,
  failures: new Map(),
  refused: 0,
  unknown: 0,
  unanswered: 0,
  refusedTitles: new Set(),
  doneThoughRefused: 0,
  doubled: 0,
  repeated: 0,
  stale: 0,
  wrong: [],
  acknowledgedAt: [],
  succeededAt: [],
  slowestMs: 0,
});

/** Whether the task must be there, exactly as it is known. */
export const isCertain = ({ isDeleted, uncertain }: KnownTask): boolean => !isDeleted && uncertain === null;

/** The titles of the tasks that must be there. */
export const keptTitles = ({ tasks }: Ledger): string[] =>
  [...tasks.values()].filter(isCertain).map(({ title }) => title);
