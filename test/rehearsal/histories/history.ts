/** A task as an answer shows it. */
export interface SeenTask {
  readonly id: string;
  readonly title: string;
  readonly completed: boolean;
  readonly revision: number;
}

/** What a call asks of one task. No title is given twice to a user. `ifMatch`: the revision in If-Match; null: none. */
export type Action =
  | { readonly kind: 'create'; readonly title: string }
  | { readonly kind: 'read' | 'read in the trash' | 'purge' | 'empty the trash' }
  | { readonly kind: 'change'; readonly title: string; readonly ifMatch: number | null }
  /** `completed` null: toggles. */
  | { readonly kind: 'complete'; readonly completed: boolean | null; readonly ifMatch: number | null }
  | { readonly kind: 'delete' | 'restore'; readonly ifMatch: number | null };

export type Answer =
  /** 2xx; `task` is null where the answer has none. */
  | { readonly outcome: 'done'; readonly task: SeenTask | null }
  /** 404. */
  | { readonly outcome: 'missing' }
  /** 412, with the task as it is. */
  | { readonly outcome: 'mismatch'; readonly current: SeenTask };

/** From when to when something ran, in milliseconds of `performance.now()` of one process. */
export interface Period {
  readonly client: string;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** A call of one client. */
export interface Call extends Period {
  /** Null: the answer that would have the id of the new task is missing, or the call is about the whole trash. */
  readonly id: string | null;
  readonly action: Action;
  /** Null: no answer. The call may take effect at any time after its start, or never; `endedAt` is then Infinity. */
  readonly answer: Answer | null;
}

/** A list, the trash, or an answer of `changes`: what one moment shows of several tasks. */
export interface Snapshot extends Period {
  readonly place: 'list' | 'trash';
  /** By id; null: not in this place. */
  readonly tasks: ReadonlyMap<string, SeenTask | null>;
  /** Whether tasks that are not in `tasks` are not in this place. */
  readonly isComplete: boolean;
}

/** A revision that a client has seen. */
export interface Sighting extends Period {
  readonly what: string;
  /** The counter, or the highest revision in the answer. */
  readonly revision: number;
  /**
   * `counter`: not below any revision that was seen before the start. `new`: above all of them, because a write takes the next
   * revision. `any`: no rule, because a single task does not show the counter.
   */
  readonly rule: 'counter' | 'new' | 'any';
}

/** Everything that the clients of one user have recorded. */
export interface History {
  readonly user: string;
  readonly calls: Call[];
  readonly snapshots: Snapshot[];
  readonly sightings: Sighting[];
  /** The revisions of the events of each stream, in the order of arrival. */
  readonly streams: number[][];
  /** Answers that the contract does not allow. */
  readonly wrong: string[];
  /** Requests, repetitions included. */
  requests: number;
  /** Those without a result: refused, or without an answer that the client has waited for. */
  failures: number;
}

export const createHistory = (user: string): History => ({
  user,
  calls: [],
  snapshots: [],
  sightings: [],
  streams: [],
  wrong: [],
  requests: 0,
  failures: 0,
});
