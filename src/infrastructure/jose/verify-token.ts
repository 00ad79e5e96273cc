import { errors, type JWTPayload, type JWTVerifyOptions } from 'jose';
import type { TokenVerifier, Verdict } from '../../application/ports/token-verifier.ts';
import { leewaySeconds, readClaims } from './claims.ts';
import { isCompactToken } from './compact-token.ts';
import { KeysUnavailable } from './keys-unavailable.ts';

/** The rules for claims, independent of the algorithm. */
export interface TokenRules {
  /** Required `iss` and `aud`. Undefined: not checked. */
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
  /** The claims that can contain the user id. The first one that is present and not null counts, even if it is invalid. */
  readonly userIdClaims: readonly string[];
  /** The current time in milliseconds since 1970; default `Date.now`. */
  readonly now?: () => number;
}

/** Verifies a token by jose: the signature, with a key that this function chooses, and the claims in `options`. */
export type CheckSignature = (
  token: string,
  options: JWTVerifyOptions,
) => Promise<{ readonly payload: JWTPayload }>;

/** Verifies tokens of these algorithms by the rules, as {@link TokenVerifier} describes. Other algorithms are rejected. */
export const verifyToken = (
  algorithms: readonly string[],
  { issuer, audience, userIdClaims, now = Date.now }: TokenRules,
  check: CheckSignature,
): TokenVerifier['verify'] => {
  const options: JWTVerifyOptions = {
    algorithms: [...algorithms],
    requiredClaims: ['exp'],
    // jose compares whole seconds. One more second keeps it from rejecting tokens that readClaims accepts.
    clockTolerance: leewaySeconds + 1,
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
  };

  return async (token) => {
    if (!isCompactToken(token)) return { outcome: 'refused', reason: 'not a signed token' };
    try {
      const currentDate = new Date(now());
      const { payload } = await check(token, { ...options, currentDate });
      return readClaims(payload, userIdClaims, currentDate.getTime() / 1000);
    } catch (error) {
      return toVerdict(error);
    }
  };
};

const toVerdict = (error: unknown): Verdict => {
  if (error instanceof KeysUnavailable) {
    const { message: reason, retryAfterSeconds } = error;
    return { outcome: 'unavailable', reason, retryAfterSeconds };
  }
  // A message can contain parts of the token; a code cannot. Errors without a code come from Node's cryptography, for
  // instance for a key that is invalid or too short.
  if (error instanceof errors.JOSEError) return { outcome: 'refused', reason: error.code };
  return { outcome: 'refused', reason: error instanceof Error ? error.name : 'unknown' };
};
