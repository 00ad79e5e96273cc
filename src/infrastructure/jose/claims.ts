import type { JWTPayload } from 'jose';
import type { Verdict } from '../../application/ports/token-verifier.ts';
import { parseUserId } from '../../domain/owner.ts';
import { isStorable } from '../../domain/text.ts';

/** Clocks differ: how far, in seconds, `exp`, `nbf` and `iat` may be on the wrong side of ours. */
export const leewaySeconds = 10;

/**
 * What a payload says of its user, once jose has checked signature, `iss` and `aud`, and that `exp` and `nbf`, where
 * they are numbers, are not on the wrong side of now. This adds what jose leaves open: an `exp` that is a whole
 * number (RFC 7519, section 4.1.4, as issuers write it), and an `iat` that is not in the future.
 */
export const readClaims = (
  payload: JWTPayload,
  userIdClaims: readonly string[],
  nowSeconds: number,
): Verdict => {
  const { exp, nbf, iat } = payload;
  if (exp === undefined || !Number.isSafeInteger(exp) || exp < 0) return refused('exp is no point in time');
  if (![nbf ?? 0, iat ?? 0].every(Number.isFinite)) return refused('nbf or iat is no point in time');
  if (iat !== undefined && iat > nowSeconds + leewaySeconds) return refused('iat is in the future');
  const claim = userIdClaims.find((name) => (payload[name] ?? null) !== null);
  if (claim === undefined) return refused(`none of ${userIdClaims.join(', ')} is present`);
  const id = parseUserId(payload[claim]);
  if (id === null) return refused(`${claim} is no user id`);
  const owner = { id, email: text(payload['email']), displayName: text(payload['name']) };
  return { outcome: 'verified', owner, endsAt: exp + leewaySeconds };
};

/** A profile is a courtesy: what cannot be kept is left out, and the token is good all the same. */
const text = (claim: unknown): string | null =>
  typeof claim === 'string' && claim !== '' && claim.length <= maxProfileLength && isStorable(claim)
    ? claim
    : null;

const maxProfileLength = 320; // the longest address that SMTP can carry: 64 + 1 + 255

const refused = (reason: string): Verdict => ({ outcome: 'refused', reason });
