import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { TokenVerifier, Verdict, Verified } from '../../application/ports/token-verifier.ts';

/** How long a verdict is believed before the token is checked in full again, so that withdrawn keys come to an end. */
const believedMilliseconds = 60_000;

export interface VerifiedTokensOptions {
  /** Tokens that are remembered at most; of more, those that were not seen for longest are forgotten. */
  readonly max: number;
  /** The time of day in milliseconds; a test may say what it is. */
  readonly now?: () => number;
}

interface Entry {
  readonly verdict: Promise<Verdict>;
  /** When the token was checked, in milliseconds since 1970. */
  readonly from: number;
  /** From when on the token is no longer good, in seconds since 1970. */
  readonly validUntilSeconds: number;
}

// Seconds are compared, as the verifier does: a fraction of a second times 1000 may be off by a little.
const isCurrent = ({ from, validUntilSeconds }: Entry, time: number): boolean =>
  time >= from && time < from + believedMilliseconds && time / 1000 < validUntilSeconds;

/**
 * Remembers good tokens, by a hash, so that memory holds none that could be used. Never one that was refused, and none
 * beyond its `exp`; nor, should the clock be set back, before it was checked, so that `nbf` needs no second look.
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
