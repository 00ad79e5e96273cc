/** Everything that is logged or counted. The log and the metrics are two functions over this type. */
export type Observation =
  | {
      readonly type: 'request';
      readonly requestId: string;
      readonly method: string;
      /** The template of the route, never the path: labels must not contain ids or users. */
      readonly route: string;
      /** 499 where the client closed the connection before the response. */
      readonly status: number;
      readonly milliseconds: number;
      readonly bytes: number;
      readonly user: string | null;
      /** Whether the response repeats that of an earlier request with the same `Idempotency-Key`. */
      readonly isReplay: boolean;
    }
  /** Malformed or incomplete HTTP, answered on the connection before a request was parsed. */
  | { readonly type: 'request_rejected'; readonly status: number }
  | { readonly type: 'connection_dropped'; readonly reason: DropReason }
  /**
   * A response of 500 or more with this code, or cut on the way, with the code that it would have had. `internal_error`
   * is a bug; every other code has an external cause.
   */
  | {
      readonly type: 'failure';
      readonly requestId: string | null;
      readonly code: string;
      readonly error: unknown;
    }
  /** An event stream has ended. Its request was observed when it began. */
  | {
      readonly type: 'stream_ended';
      readonly requestId: string;
      readonly route: string;
      readonly reason: StreamEnd;
      readonly milliseconds: number;
      readonly events: number;
    }
  | { readonly type: 'token_refused'; readonly requestId: string; readonly reason: string }
  /** A token was not verified, because the keys of the issuer cannot be fetched. */
  | { readonly type: 'token_verifier_unavailable'; readonly requestId: string; readonly reason: string }
  | {
      readonly type: 'rate_limited';
      readonly requestId: string;
      readonly scope: 'user' | 'address' | 'streams';
    }
  /** The keys of the issuer could not be fetched; cached keys stay in use. */
  | { readonly type: 'keys_not_fetched'; readonly error: unknown }
  | { readonly type: 'database_error'; readonly reason: DatabaseErrorReason; readonly error: unknown }
  /** The PostgreSQL that the service runs itself has ended, or could not be started again. */
  | { readonly type: 'embedded_postgres_lost'; readonly error: unknown }
  | { readonly type: 'embedded_postgres_recovered' }
  /** Redis does not count requests. `isFirst` is false where it was lost already: the cause can be another one. */
  | { readonly type: 'redis_lost'; readonly isFirst: boolean; readonly error: unknown }
  | { readonly type: 'redis_recovered' }
  /** A list was returned from the cache (`hit`), read and cached (`miss`), or read without the cache (`passed`). */
  | { readonly type: 'cache'; readonly outcome: 'hit' | 'miss' | 'passed' }
  /** Spans could not be sent to the collector. */
  | { readonly type: 'traces_lost'; readonly error: unknown }
  /** Rows were deleted for good; see {@link PurgeReason}. */
  | { readonly type: 'rows_purged'; readonly reason: PurgeReason; readonly count: number }
  /** Background work failed; it is tried again later. */
  | { readonly type: 'maintenance_failed'; readonly error: unknown }
  | { readonly type: 'listening'; readonly address: string; readonly operations: string }
  | { readonly type: 'stopping'; readonly signal: string }
  | { readonly type: 'stopped' }
  /** A failure was observed more often than it was logged: `count` times in 10 seconds, `total` times since it began. */
  | {
      readonly type: 'repeated';
      /** The type of the failure and its code or reason. */
      readonly of: string;
      readonly count: number;
      readonly total: number;
      /** True where it was not observed for 10 seconds. */
      readonly isOver: boolean;
    };

/**
 * Why a connection was dropped: `limit`, the maximum number of connections was reached; `address`, the maximum for its
 * address was reached; `idle`, it was idle and was closed for a new connection.
 */
export type DropReason = 'limit' | 'address' | 'idle';

/**
 * Why rows were deleted for good: `user`, a user purged tasks in the trash; `trash_expired`, tasks were in the trash for too long;
 * `tombstone_expired`, tasks were gone for so long that they are forgotten.
 */
export const purgeReasons = ['user', 'trash_expired', 'tombstone_expired'] as const;
/** One of {@link purgeReasons}. */
export type PurgeReason = (typeof purgeReasons)[number];

/**
 * Why an event stream has ended: `client`, the client has left; `slow`, it took nothing for too long; `token`, the token is no
 * longer valid; `shutdown`, the service stops.
 */
export const streamEnds = ['client', 'slow', 'token', 'shutdown'] as const;
/** One of {@link streamEnds}. */
export type StreamEnd = (typeof streamEnds)[number];

/**
 * Why a statement failed, or could not be sent. `storage`: the server cannot read or write its files. `unprepared`: the
 * database lacks what this version needs. `write_refused`: a trigger or a constraint refused the values.
 */
export const databaseErrorReasons = [
  'conflict',
  'disk_full',
  'login_refused',
  'read_only',
  'resources',
  'restarting',
  'storage',
  'timeout',
  'too_many_connections',
  'unprepared',
  'unreachable',
  'write_refused',
] as const;
/** One of {@link databaseErrorReasons}. */
export type DatabaseErrorReason = (typeof databaseErrorReasons)[number];

/** Receives observations. Never throws, never blocks. */
export type Observer = (observation: Observation) => void;
