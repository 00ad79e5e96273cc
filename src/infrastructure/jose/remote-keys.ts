import { errors, type CryptoKey, type JWTVerifyGetKey, type LocalJWKSet } from 'jose';
import { fetchKeys } from './fetch-keys.ts';
import { KeysUnavailable } from './keys-unavailable.ts';

const secondMs = 1_000;
const minuteMs = 60 * secondMs;

/** Times of the key cache. */
const keyTimes = {
  /** Keys older than this are fetched again in the background; meanwhile they are used. */
  refreshAfterMs: 5 * minuteMs,
  /** With keys older than this, requests wait for the fetch, unless a fetch has failed recently (`failureCountsMs`). */
  maxAgeMs: 9 * minuteMs,
  /** Keys older than this are never used, even if the issuer cannot be reached. */
  maxOfflineAgeMs: 59 * minuteMs,
  /** The minimum time between the beginnings of two fetches, successful or not. */
  coolDownMs: 10 * secondMs,
  /** Timeout of a fetch. */
  timeoutMs: 3 * secondMs,
  /** For this long after a failure, requests use older keys instead of waiting for a fetch. */
  failureCountsMs: minuteMs,
} as const;

export interface RemoteKeysOptions {
  readonly url: string;
  /** Called for every failed fetch. Cached keys stay in use. */
  readonly failed: (error: unknown) => void;
  /** Timeout of a fetch, in milliseconds; default `keyTimes.timeoutMs`. */
  readonly timeoutMs?: number;
  /** A monotonic clock, in milliseconds; default `performance.now`. */
  readonly clock?: () => number;
}

/** Keys, and when their fetch began: keys that were withdrawn before are not among them. */
interface KeySet {
  readonly find: LocalJWKSet;
  readonly since: number;
}

/**
 * The keys at a URL, for jose: fetched on first use, cached, and fetched again when they are old or a key is unknown.
 *
 * While the issuer can be reached, a key that it withdraws is used for `maxAgeMs` at most, and a new one is found
 * within `coolDownMs`. While it cannot, cached keys stay valid until they are `maxOfflineAgeMs` old. Rejects with
 * `KeysUnavailable` if there are no keys, or only old ones without the requested key.
 */
export const remoteKeys = (options: RemoteKeysOptions): JWTVerifyGetKey => {
  const { url, failed, timeoutMs = keyTimes.timeoutMs, clock = () => performance.now() } = options;
  let cached: KeySet | null = null;
  let fetching: Promise<void> | null = null;
  let lastAttempt = Number.NEGATIVE_INFINITY;
  let lastFailure = Number.NEGATIVE_INFINITY;

  const fetchNow = async (): Promise<void> => {
    const since = clock();
    lastAttempt = since;
    try {
      cached = { find: await fetchKeys(url, timeoutMs), since };
    } catch (error) {
      lastFailure = clock();
      failed(error);
    } finally {
      fetching = null;
    }
  };

  /** Waits for the current fetch, or begins one unless the last one began less than `coolDownMs` ago. */
  const refresh = async (): Promise<void> => {
    if (fetching === null && clock() - lastAttempt >= keyTimes.coolDownMs) fetching = fetchNow();
    await fetching;
  };

  const age = (): number => (cached === null ? Number.POSITIVE_INFINITY : clock() - cached.since);

  const current = async (): Promise<KeySet> => {
    if (age() >= keyTimes.refreshAfterMs) {
      const refreshed = refresh();
      const failedRecently = clock() - lastFailure < keyTimes.failureCountsMs;
      if (age() >= (failedRecently ? keyTimes.maxOfflineAgeMs : keyTimes.maxAgeMs)) await refreshed;
    }
    if (cached === null || age() >= keyTimes.maxOfflineAgeMs)
      throw unavailable('There are no keys of the issuer');
    return cached;
  };

  const unavailable = (message: string): KeysUnavailable =>
    new KeysUnavailable(
      message,
      Math.max(1, Math.ceil((lastAttempt + keyTimes.coolDownMs - clock()) / secondMs)),
    );

  return async (header, token): Promise<CryptoKey> => {
    const keys = await current();
    try {
      return await keys.find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await refresh();
      const newer = await current();
      if (newer !== keys) return newer.find(header, token);
      if (age() >= keyTimes.maxAgeMs)
        throw unavailable('The keys are old, and the requested key is not among them');
      throw error;
    }
  };
};
