import { errors, type JWTPayload, type JWTVerifyOptions } from 'jose';
import type { TokenVerifier, Verdict } from '../../application/ports/token-verifier.ts';
import { leewaySeconds, readClaims } from './claims.ts';
import { isCompactToken } from './compact-token.ts';
import { KeysUnavailable } from './keys-unavailable.ts';

/** What a token must say, whatever it was signed with. */
export interface TokenRules {
  /** The `iss` and the `aud` that a token must have; without them any will do. */
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
  /** The claims that may name the user; the first that is present and not null decides, even if it is no good. */
  readonly userIdClaims: readonly string[];
  /** The time of day in milliseconds; a test may say what it is. */
  readonly now?: () => number;
}

/** Checks what jose can check of a signed token, the signature by its own choice of keys. */
export type CheckSignature = (
  token: string,
  options: JWTVerifyOptions,
) => Promise<{ readonly payload: JWTPayload }>;

/** A verifier for these algorithms and no others. */
export const signedTokenVerifier = (
  algorithms: readonly string[],
  { issuer, audience, userIdClaims, now = Date.now }: TokenRules,
  check: CheckSignature,
): TokenVerifier => {
  const options: JWTVerifyOptions = {
    algorithms: [...algorithms],
    requiredClaims: ['exp'],
    // jose cuts the fraction off the time of day; one second more keeps it from refusing what readClaims accepts.
    clockTolerance: leewaySeconds + 1,
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
  };

  return {
    verify: async (token) => {
      if (!isCompactToken(token)) return { outcome: 'refused', reason: 'not a signed token' };
      try {
        const currentDate = new Date(now());
        const { payload } = await check(token, { ...options, currentDate });
        return readClaims(payload, userIdClaims, currentDate.getTime() / 1000);
      } catch (error) {
        return toVerdict(error);
      }
    },
  };
};

const toVerdict = (error: unknown): Verdict => {
  if (error instanceof KeysUnavailable) {
    const { message: reason, retryAfterSeconds } = error;
    return { outcome: 'unavailable', reason, retryAfterSeconds };
  }
  // A message may quote the token; a code never does. What has none comes from the platform's cryptography, for a
  // key that is no good, or too short.
  if (error instanceof errors.JOSEError) return { outcome: 'refused', reason: error.code };
  return { outcome: 'refused', reason: error instanceof Error ? error.name : 'unknown' };
};
