/** How many requests are allowed in a window that begins with the first of them. */
export interface RateRule {
  readonly max: number;
  readonly windowSeconds: number;
}

/** What became of a request that was counted. */
export interface Allowance {
  readonly allowed: boolean;
  /** How many more are allowed in this window. */
  readonly remaining: number;
  /** How long until the next window may begin, in whole seconds, 1 at least. */
  readonly resetSeconds: number;
}

/** Counts requests by key, each key for itself. */
export interface RateLimiter {
  readonly rule: RateRule;
  /** Counts one request, those that are not allowed included. Never rejects: without its store it counts by itself. */
  take(key: string): Promise<Allowance>;
}

/** The limits of the service; null where one is switched off. */
export interface RateLimits {
  readonly perUser: RateLimiter | null;
  readonly perAddress: RateLimiter | null;
}
