import { errors, type CryptoKey, type JWTVerifyGetKey, type LocalJWKSet } from 'jose';
import { fetchKeys } from './fetch-keys.ts';
import { KeysUnavailable } from './keys-unavailable.ts';

const second = 1_000;
const minute = 60 * second;

/** Times of the key cache, in milliseconds. */
const keyTimes = {
  /** Keys older than this are fetched again in the background; meanwhile they are used. */
  refreshAfter: 5 * minute,
  /** With keys older than this, requests wait for the fetch, unless a fetch has failed recently (`failureCounts`). */
  maxAge: 9 * minute,
  /** Keys older than this are never used, even if the issuer cannot be reached. */
  keptFor: 59 * minute,
  /** The minimum time between the beginnings of two fetches, successful or not. */
  coolDown: 10 * second,
  /** Timeout of a fetch. */
  timeout: 3 * second,
  /** For this long after a failure, requests use older keys instead of waiting for a fetch. */
  failureCounts: minute,
} as const;

export interface RemoteKeysOptions {
  readonly url: string;
  /** Called for every failed fetch. Cached keys stay in use. */
  readonly failed: (error: unknown) => void;
  /** Timeout of a fetch, in milliseconds; default `keyTimes.timeout`. */
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
 * While the issuer can be reached, a key that it withdraws is used for `maxAge` at most, and a new one is found
 * within `coolDown`. While it cannot, cached keys stay valid until they are `keptFor` old. Rejects with
 * `KeysUnavailable` if there are no keys, or only old ones without the requested key.
 */
export const remoteKeys = (options: RemoteKeysOptions): JWTVerifyGetKey => {
  const { url, failed, timeoutMs = keyTimes.timeout, clock = () => performance.now() } = options;
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

  /** Waits for the current fetch, or begins one unless the last one began less than `coolDown` ago. */
  const refresh = async (): Promise<void> => {
    if (fetching === null && clock() - lastAttempt >= keyTimes.coolDown) fetching = fetchNow();
    await fetching;
  };

  const age = (): number => (cached === null ? Number.POSITIVE_INFINITY : clock() - cached.since);

  const current = async (): Promise<KeySet> => {
    if (age() >= keyTimes.refreshAfter) {
      const refreshed = refresh();
      const failedRecently = clock() - lastFailure < keyTimes.failureCounts;
      if (age() >= (failedRecently ? keyTimes.keptFor : keyTimes.maxAge)) await refreshed;
    }
    if (cached === null || age() >= keyTimes.keptFor) throw unavailable('There are no keys of the issuer');
    return cached;
  };

  const unavailable = (message: string): KeysUnavailable =>
    new KeysUnavailable(
      message,
      Math.max(1, Math.ceil((lastAttempt + keyTimes.coolDown - clock()) / second)),
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
      if (age() >= keyTimes.maxAge)
        throw unavailable('The keys are old, and the requested key is not among them');
      throw error;
    }
  };
};
