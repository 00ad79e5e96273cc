import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { TokenVerifier, Verdict, Verified } from '../../application/ports/token-verifier.ts';

/** How long a verdict is used before the token is checked again, so that tokens of withdrawn keys are refused. */
const maxAgeMilliseconds = 60_000;

export interface VerifiedTokensOptions {
  /** The most tokens that are remembered; beyond that, the least recently used one is removed. */
  readonly max: number;
  /** The time of day in milliseconds; a test can replace it. */
  readonly now?: () => number;
}

interface Entry {
  readonly verdict: Promise<Verdict>;
  /** When the token was checked, in milliseconds since 1970. */
  readonly from: number;
  /** The time from which the token is no longer valid, in seconds since 1970. */
  readonly validUntilSeconds: number;
}

// Seconds are compared, as the verifier does: a fraction of a second times 1000 may be off by a little.
const isCurrent = ({ from, validUntilSeconds }: Entry, time: number): boolean =>
  time >= from && time < from + maxAgeMilliseconds && time / 1000 < validUntilSeconds;

/**
 * Remembers good tokens by a hash, so that memory holds no token that could be used. A refused token is not remembered.
 * A verdict ends with the `exp` of the token, and does not count before the time of its check, so that `nbf` holds where
 * the clock is set back.
 */
export const verifiedTokens = (verifier: TokenVerifier, options: VerifiedTokensOptions): TokenVerifier => {
  const { max, now = Date.now } = options;
  const entries = new LRUCache<string, Entry>({ max });

  const check = async (token: string, key: string, from: number): Promise<Verdict> => {
    const verdict = await verifier.verify(token);
    if (verdict.outcome === 'verified') entries.set(key, entryOf(verdict, from));
    else entries.delete(key);
    return verdict;
  };

  return {
    verify: (token) => {
      const time = now();
      const key = hash('sha256', token, 'base64url');
      const entry = entries.get(key);
      if (entry !== undefined && isCurrent(entry, time)) return entry.verdict;
      return check(token, key, time);
    },
  };
};

const entryOf = (verdict: Verified, from: number): Entry => ({
  verdict: Promise.resolve(verdict),
  from,
  validUntilSeconds: verdict.validUntilSeconds,
});
