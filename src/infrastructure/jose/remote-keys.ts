import { errors, type CryptoKey, type JWTVerifyGetKey, type LocalJWKSet } from 'jose';
import { fetchKeys } from './fetch-keys.ts';
import { KeysUnavailable } from './keys-unavailable.ts';

const second = 1_000;
const minute = 60 * second;

/** How long an issuer's keys are believed, in milliseconds. */
const keyTimes = {
  /** Keys older than this are fetched anew while they are still used. */
  refreshAfter: 5 * minute,
  /** Keys older than this wait for the fetch, unless the issuer could not be reached just now. */
  maxAge: 9 * minute,
  /** Keys older than this are not used at all, even if the issuer cannot be reached. */
  keptFor: 59 * minute,
  /** At most one fetch is begun in this time, whatever is asked for and whether or not it succeeds. */
  coolDown: 10 * second,
  /** The longest that an issuer may take to answer. */
  timeout: 3 * second,
  /** For this long after a failure, requests use older keys instead of waiting for a fetch. */
  failureCounts: minute,
} as const;

export interface RemoteKeysOptions {
  readonly url: string;
  /** Told of every fetch that fails; the keys that are there stay in use. */
  readonly failed: (error: unknown) => void;
  /** The longest that the issuer may take to answer, in milliseconds; `keyTimes.timeout` by default. */
  readonly timeoutMs?: number;
  /** A clock that never goes back, in milliseconds; a test may have its own. */
  readonly clock?: () => number;
}

/** Keys, and when they were asked for: what was revoked before that is not among them. */
interface KeySet {
  readonly find: LocalJWKSet;
  readonly since: number;
}

/**
 * The keys at a URL, for jose: fetched on first use, kept, fetched again when they grow old or one is unknown.
 *
 * While the issuer can be reached, a key that it withdraws is used for `maxAge` at most, and a new one is found
 * within `coolDown`. While it cannot, the keys that are known stay good until they are `keptFor` old. Rejects with
 * `KeysUnavailable` where there are none, or only old ones without the key in question.
 */
export const remoteKeys = (options: RemoteKeysOptions): JWTVerifyGetKey => {
  const { url, failed, timeoutMs = keyTimes.timeout, clock = () => performance.now() } = options;
  let kept: KeySet | null = null;
  let fetching: Promise<void> | null = null;
  let lastAttempt = Number.NEGATIVE_INFINITY;
  let lastFailure = Number.NEGATIVE_INFINITY;

  const fetchNow = async (): Promise<void> => {
    const since = clock();
    lastAttempt = since;
    try {
      kept = { find: await fetchKeys(url, timeoutMs), since };
    } catch (error) {
      lastFailure = clock();
      failed(error);
    } finally {
      fetching = null;
    }
  };

  /** Joins the fetch under way, or begins one; none while it is too early for another. */
  const refresh = async (): Promise<void> => {
    if (fetching === null && clock() - lastAttempt >= keyTimes.coolDown) fetching = fetchNow();
    await fetching;
  };

  const age = (): number => (kept === null ? Number.POSITIVE_INFINITY : clock() - kept.since);

  const current = async (): Promise<KeySet> => {
    if (age() >= keyTimes.refreshAfter) {
      const refreshed = refresh();
      const isMissed = clock() - lastFailure < keyTimes.failureCounts;
      if (age() >= (isMissed ? keyTimes.keptFor : keyTimes.maxAge)) await refreshed;
    }
    if (kept === null || age() >= keyTimes.keptFor) throw unavailable('There are no keys of the issuer');
    return kept;
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
        throw unavailable('The keys are old, and the one in question is not among them');
      throw error;
    }
  };
};
