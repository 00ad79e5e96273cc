/** The maximum number of requests in a window of time; the window begins with the first request. */
export interface RateRule {
  /** Requests per window. */
  readonly max: number;
  /** Length of a window. */
  readonly windowSeconds: number;
}

/** The result of counting a request. */
export interface Allowance {
  readonly allowed: boolean;
  /** Requests that remain in this window. */
  readonly remaining: number;
  /** Whole seconds until the next window begins; at least 1. */
  readonly resetSeconds: number;
}

/** Counts requests separately for each key. */
export interface RateLimiter {
  readonly rule: RateRule;
  /** Counts one request, even if it is not allowed. Never rejects: without its store it counts in memory. */
  take(key: string): Promise<Allowance>;
}

/** The limits of the service; null: no limit. */
export interface RateLimits {
  readonly perUser: RateLimiter | null;
  readonly perAddress: RateLimiter | null;
}
