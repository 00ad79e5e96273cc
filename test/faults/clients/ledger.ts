/** The state of one task, as far as its client knows it. */
export interface KnownTask {
  readonly id: string;
  title: string;
  completed: boolean;
  /** Of the last acknowledged write. After a deletion, whose response has no revision: a lower bound. */
  revision: number;
  /** A deletion was acknowledged. */
  isDeleted: boolean;
  /** A running or unacknowledged write: the task may be as before it or as after it. */
  uncertain: 'change' | 'delete' | null;
}

/** The outcomes of the writes and reads of one user. */
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
  /** Failed reads and writes, by status and code; `no answer` where no response arrived. */
  readonly failures: Map<string, number>;
  /** Writes with the response 503: not done. */
  refused: number;
  /** Writes with an unknown outcome: 502, 504 or no response. */
  unknown: number;
  /** Writes without a response; they also count as unknown. */
  unanswered: number;
  /** Titles of creations that were refused. */
  readonly refusedTitles: Set<string>;
  /** Revisions that only a refused write explains. */
  doneThoughRefused: number;
  /** Revisions that no write explains: an acknowledged write took more than one. */
  doubled: number;
  /** Acknowledged writes with a revision that is not above the one before. */
  repeated: number;
  /** Reads that miss a write which was acknowledged before they were sent. */
  stale: number;
  /** Descriptions of responses that the contract does not allow. */
  readonly wrong: string[];
  /** Times of acknowledged writes, in milliseconds of `performance.now()`. */
  readonly acknowledgedAt: number[];
  /** Times of all successful requests, on the same clock. */
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

/** Whether the task must exist exactly as it is known. */
export const isCertain = ({ isDeleted, uncertain }: KnownTask): boolean => !isDeleted && uncertain === null;

/** The titles of the tasks that must exist. */
export const keptTitles = ({ tasks }: Ledger): string[] =>
  [...tasks.values()].filter(isCertain).map(({ title }) => title);
