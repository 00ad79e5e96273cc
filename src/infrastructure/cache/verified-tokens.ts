import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { TokenVerifier, Verdict, Verified } from '../../application/ports/token-verifier.ts';

/** How long a verdict is used before the token is checked again, so that tokens of withdrawn keys are refused. */
const maxAgeMs = 60_000;

interface VerifiedTokensOptions {
  /** The most tokens that are remembered; beyond that, the least recently used one is removed. */
  readonly max: number;
  /** The time of day in milliseconds; a test can replace it. */
  readonly now?: () => number;
  /** A clock that never goes back, in milliseconds; a test can replace it. */
  readonly clock?: () => number;
}

/** A moment by both clocks: the time of day may be set, the monotonic clock measures what has passed. */
interface Moment {
  readonly time: number;
  readonly clock: number;
}

interface Entry {
  readonly verdict: Promise<Verdict>;
  /** When the token was checked. */
  readonly from: Moment;
  /** The time from which the token is no longer valid, in seconds since 1970. */
  readonly validUntilSeconds: number;
}

/**
 * Whether the token is valid without another check. False once its remaining validity (at most 60 s) has passed on either
 * clock. Seconds are compared, as the verifier does: a fraction of a second times 1000 may be off by a little.
 */
const isCurrent = ({ from, validUntilSeconds }: Entry, now: Moment): boolean => {
  const passed = now.clock - from.clock;
  return (
    now.time >= from.time &&
    passed < maxAgeMs &&
    now.time / 1000 < validUntilSeconds &&
    (from.time + passed) / 1000 < validUntilSeconds
  );
};

/**
 * Remembers good tokens by a hash, so that memory holds no token that could be used. A refused token is not remembered.
 * A verdict ends with the `exp` of the token, and does not count before the time of its check, so that `nbf` holds where
 * the clock is set back.
 */
export const verifiedTokens = (verifier: TokenVerifier, options: VerifiedTokensOptions): TokenVerifier => {
  const { max, now = Date.now, clock = () => performance.now() } = options;
  const entries = new LRUCache<string, Entry>({ max });

  const check = async (token: string, key: string, from: Moment): Promise<Verdict> => {
    const verdict = await verifier.verify(token);
    if (verdict.outcome === 'verified') entries.set(key, entryOf(verdict, from));
    else entries.delete(key);
    return verdict;
  };

  return {
    verify: (token) => {
      const moment = { time: now(), clock: clock() };
      const key = hash('sha256', token, 'base64url');
      const entry = entries.get(key);
      if (entry !== undefined && isCurrent(entry, moment)) return entry.verdict;
      return check(token, key, moment);
    },
  };
};

const entryOf = (verdict: Verified, from: Moment): Entry => ({
  verdict: Promise.resolve(verdict),
  from,
  validUntilSeconds: verdict.validUntilSeconds,
});
