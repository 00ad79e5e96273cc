import { timeOf } from './pause.ts';

/** Why a token is needed: for a request, or because the service refused the last one (401). */
export type TokenReason = 'request' | 'refused';

/**
 * Options of `createClient`. A client is one user's: create a new one for each sign-in. Times must be above 0. A time limit of
 * `Infinity` is none; pauses grow to 30 seconds at most.
 */
export interface ClientOptions {
  /** The address of Taskhold, such as `https://tasks.example.com/`. */
  readonly url: string | URL;
  /**
   * Returns the JWT of the user. It is called for each request, so it should keep its token, and get a new one where the reason
   * is `refused`.
   */
  readonly token: (reason: TokenReason) => string | Promise<string>;
  /** Ends the client, such as at a sign-out: calls reject with its reason, `follow` ends, and queues are closed. */
  readonly signal?: AbortSignal | undefined;
  /** Default: the `fetch` of the platform. */
  readonly fetch?: typeof fetch | undefined;
  /** How long an attempt may take, in milliseconds. Default: 15,000, more than the service takes. */
  readonly timeoutMs?: number | undefined;
  /** How often a request is sent, the first attempt included. Default: 5. */
  readonly maxAttempts?: number | undefined;
  /** After how long no further attempt is begun, in milliseconds. Default: 30,000. */
  readonly maxElapsedMs?: number | undefined;
  /** The pause before the second attempt, in milliseconds; each further one is twice as long. Default: 300. */
  readonly retryDelayMs?: number | undefined;
}

/** {@link ClientOptions} with all defaults. */
export interface Settings {
  /** Ends with a slash. */
  readonly url: URL;
  readonly token: (reason: TokenReason) => Promise<string>;
  readonly signal: AbortSignal | undefined;
  readonly fetch: typeof fetch;
  readonly timeoutMs: number;
  readonly maxAttempts: number;
  readonly maxElapsedMs: number;
  readonly retryDelayMs: number;
}

export const settingsOf = (options: ClientOptions): Settings => {
  const timeoutMs = timeOf(options.timeoutMs ?? 15_000);
  const url = new URL(options.url);
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return {
    url,
    token: singleRefresh(options.token, timeoutMs),
    signal: options.signal,
    // Browsers refuse a fetch that is called as a method of another object.
    fetch: options.fetch ?? ((...parameters) => fetch(...parameters)),
    timeoutMs,
    maxAttempts: options.maxAttempts ?? 5,
    maxElapsedMs: timeOf(options.maxElapsedMs ?? 30_000),
    retryDelayMs: timeOf(options.retryDelayMs ?? 300),
  };
};

/**
 * Requests that are refused while a new token is on its way share it: many issuers accept a refresh token only once. A refresh
 * without a result after `timeoutMs` is given up, and the next refused request begins another.
 */
const singleRefresh = (token: ClientOptions['token'], timeoutMs: number): Settings['token'] => {
  let refreshing: Promise<string> | null = null;
  let end = 0;
  return async (reason) => {
    if (reason === 'request') return token(reason);
    if (refreshing === null || performance.now() > end) {
      end = performance.now() + timeoutMs;
      const begun = Promise.resolve(reason)
        .then(token)
        .finally(() => {
          if (refreshing === begun) refreshing = null;
        });
      refreshing = begun;
    }
    return refreshing;
  };
};

const maxDelayMs = 30_000;

/** The pause after this many failures in a row, in milliseconds: exponential, the second half of it random. */
export const backoffMs = (failures: number, firstMs: number): number =>
  Math.min(maxDelayMs, firstMs * 2 ** (failures - 1)) * (0.5 + Math.random() / 2);
