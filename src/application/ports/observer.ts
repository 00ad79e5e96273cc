/** Everything worth noticing; a log and a set of metrics are two functions over it. */
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
  /** What came was no request, or not all of one; it was answered on the bare connection. */
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
  /** Nobody can tell at the moment whether the token is good. */
  | { readonly type: 'token_unchecked'; readonly requestId: string; readonly reason: string }
  | { readonly type: 'rate_limited'; readonly requestId: string; readonly scope: 'user' | 'address' }
  /** The issuer's keys could not be had; those that are known stay in use. */
  | { readonly type: 'keys_not_fetched'; readonly error: unknown }
  | { readonly type: 'database_error'; readonly error: unknown }
  | { readonly type: 'redis_lost'; readonly error: unknown }
  | { readonly type: 'redis_back' }
  /** A read that the cache answered, that it had to pass on and kept, or that went past it. */
  | { readonly type: 'cache'; readonly outcome: 'hit' | 'miss' | 'passed' }
  /** Spans could not be sent to where they are collected. */
  | { readonly type: 'traces_lost'; readonly error: unknown }
  | { readonly type: 'listening'; readonly address: string; readonly operations: string }
  | { readonly type: 'stopping'; readonly signal: string }
  | { readonly type: 'stopped' };

/**
 * Why a connection was dropped: `limit`, there were too many already; `address`, its address had too many already;
 * `idle`, it was idle, and a new one needed its place.
 */
export type DropReason = 'limit' | 'address' | 'idle';

/** Where observations go. Never throws, never waits. */
export type Observer = (observation: Observation) => void;
