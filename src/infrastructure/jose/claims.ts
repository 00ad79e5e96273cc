import type { JWTPayload } from 'jose';
import type { Verdict } from '../../application/ports/token-verifier.ts';
import { parseUserId } from '../../domain/user.ts';
import { isStorable } from '../../domain/text.ts';
import { readPermissions } from './permissions.ts';

/** Tolerated clock skew for `exp`, `nbf` and `iat`, in seconds. */
export const leewaySeconds = 10;

/**
 * Reads the user and the permissions from a payload. jose has already verified the signature, `iss` and `aud`. The times are checked here, since
 * jose compares with whole seconds: `exp` (required), `nbf` and `iat` are numbers that may have a fraction (RFC 7519,
 * section 2), and a token is good from `nbf` - 10 s until just before `exp` + 10 s. An `iat` in the future is refused.
 */
export const readClaims = (
  payload: JWTPayload,
  userIdClaims: readonly string[],
  nowSeconds: number,
): Verdict => {
  const { exp, nbf, iat } = payload;
  if (!isNumericDate(exp)) return refused('exp is not a NumericDate');
  if (![nbf, iat].every(isAbsentOrNumericDate)) return refused('nbf or iat is not a NumericDate');
  const validUntilSeconds = exp + leewaySeconds;
  const latest = nowSeconds + leewaySeconds;
  if (nowSeconds >= validUntilSeconds) return refused('exp is in the past');
  if (nbf !== undefined && nbf > latest) return refused('nbf is in the future');
  if (iat !== undefined && iat > latest) return refused('iat is in the future');
  const claim = userIdClaims.find((name) => (payload[name] ?? null) !== null);
  if (claim === undefined) return refused(`none of ${userIdClaims.join(', ')} is present`);
  const id = parseUserId(payload[claim]);
  if (id === null) return refused(`${claim} is not a valid user id`);
  const permissions = readPermissions(payload['scope']);
  if (permissions === null) return refused('scope is neither a string nor an array of strings');
  const user = { id, email: text(payload['email']), displayName: text(payload['name']) };
  return { outcome: 'verified', user, permissions, validUntilSeconds };
};

/** Seconds since 1970 (NumericDate). JSON's `1e400` is read as Infinity, and beyond 2^53 numbers skip seconds. */
const isNumericDate = (value: unknown): value is number =>
  typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER;

const isAbsentOrNumericDate = (value: unknown): boolean => value === undefined || isNumericDate(value);

/** An optional profile claim. A value that cannot be stored is ignored, and the token stays valid. */
const text = (claim: unknown): string | null =>
  typeof claim === 'string' && claim !== '' && claim.length <= maxProfileLength && isStorable(claim)
    ? claim
    : null;

const maxProfileLength = 320; // the longest address that SMTP can carry: 64 + 1 + 255

const refused = (reason: string): Verdict => ({ outcome: 'refused', reason });
