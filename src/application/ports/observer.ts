/** Everything that is logged or counted; the log and the metrics are two functions over it. */
export type Observation =
  | {
      readonly type: 'request';
      readonly requestId: string;
      readonly method: string;
      /** The route's template, never the path itself: no id and no user gets into a label. */
      readonly route: string;
      /** 499 where the client went away before the answer. */
      readonly status: number;
      readonly milliseconds: number;
      readonly bytes: number;
      readonly owner: string | null;
    }
  /** Bytes that were no HTTP request, or not a complete one; they were answered on the connection itself. */
  | { readonly type: 'turned_away'; readonly status: number }
  | { readonly type: 'connection_dropped'; readonly reason: DropReason }
  /** A request ended with a 5xx of this code; `internal_error` is a bug, every other one has a cause outside. */
  | {
      readonly type: 'failure';
      readonly requestId: string | null;
      readonly code: string;
      readonly error: unknown;
    }
  | { readonly type: 'token_refused'; readonly requestId: string; readonly reason: string }
  /** The token could not be checked, because the keys of the issuer cannot be fetched. */
  | { readonly type: 'token_unchecked'; readonly requestId: string; readonly reason: string }
  | { readonly type: 'rate_limited'; readonly requestId: string; readonly scope: 'user' | 'address' }
  /** The keys of the issuer could not be fetched; known keys stay in use. */
  | { readonly type: 'keys_not_fetched'; readonly error: unknown }
  | { readonly type: 'database_error'; readonly error: unknown }
  | { readonly type: 'redis_lost'; readonly error: unknown }
  | { readonly type: 'redis_back' }
  /** A list that the cache returned (`hit`), that it had to read (`miss`), or that it does not keep (`passed`). */
  | { readonly type: 'cache'; readonly outcome: 'hit' | 'miss' | 'passed' }
  /** Spans could not be sent to the collector. */
  | { readonly type: 'traces_lost'; readonly error: unknown }
  | { readonly type: 'listening'; readonly address: string; readonly operations: string }
  | { readonly type: 'stopping'; readonly signal: string }
  | { readonly type: 'stopped' };

/**
 * Why a connection was dropped: `limit`, there were too many already; `address`, its address had too many already;
 * `idle`, it was idle, and a new one needed its place.
 */
export type DropReason = 'limit' | 'address' | 'idle';

/** Receives observations. Never throws, never blocks. */
export type Observer = (observation: Observation) => void;
