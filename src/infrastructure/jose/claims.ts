import type { JWTPayload } from 'jose';
import type { Verdict } from '../../application/ports/token-verifier.ts';
import { isStorable } from '../../domain/text.ts';
import { parseUserId } from '../../domain/owner.ts';

/** Clocks differ: how far, in seconds, `exp`, `nbf` and `iat` may be on the wrong side of ours. */
export const leewaySeconds = 10;

export interface ClaimRules {
  /** The claims that may name the user; the first that is present and not null decides, even if it is no good. */
  readonly userIdClaims: readonly string[];
}

/**
 * What a verified payload says of its user. jose has checked signature, `iss`, `aud`, `exp` and `nbf`; this adds what
 * it leaves open: an `exp` that is a whole number, and an `iat` (RFC 7519, section 4.1) that is not in the future.
 */
export const readClaims = (payload: JWTPayload, rules: ClaimRules, nowSeconds: number): Verdict => {
  if (!Number.isSafeInteger(payload.exp) || (payload.exp ?? 0) < 0) return refused('exp is no point in time');
  if (payload.iat !== undefined && payload.iat > nowSeconds + leewaySeconds)
    return refused('iat is in the future');
  const claim = rules.userIdClaims.find((name) => (payload[name] ?? null) !== null);
  if (claim === undefined) return refused(`none of ${rules.userIdClaims.join(', ')} is present`);
  const id = parseUserId(payload[claim]);
  if (id === null) return refused(`${claim} is no user id`);
  const owner = { id, email: text(payload['email']), displayName: text(payload['name']) };
  return { outcome: 'verified', owner };
};

/** A profile is a courtesy: what cannot be kept is left out, and the token is good all the same. */
const text = (claim: unknown): string | null =>
  typeof claim === 'string' && claim !== '' && claim.length <= maxProfileLength && isStorable(claim)
    ? claim
    : null;

const maxProfileLength = 320; // the longest address that SMTP can carry: 64 + 1 + 255

const refused = (reason: string): Verdict => ({ outcome: 'refused', reason });
