/** How many requests are allowed in a window that begins with the first of them. */
export interface RateRule {
  readonly max: number;
  readonly windowSeconds: number;
}

/** The result of counting a request. */
export interface Allowance {
  readonly allowed: boolean;
  /** Requests that are still allowed in this window. */
  readonly remaining: number;
  /** Whole seconds until the next window begins; at least 1. */
  readonly resetSeconds: number;
}

/** Counts requests by key; keys do not influence each other. */
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
