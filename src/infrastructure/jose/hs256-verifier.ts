import { errors, jwtVerify, type JWTVerifyOptions } from 'jose';
import type { TokenVerifier, Verdict } from '../../application/ports/token-verifier.ts';
import { leewaySeconds, readClaims, type ClaimRules } from './claims.ts';

export interface Hs256Options extends ClaimRules {
  /** The secret shared with the issuer; RFC 7518, section 3.2, asks for 32 bytes or more. */
  readonly secret: string;
  readonly issuer?: string;
  readonly audience?: string;
}

/** Tokens signed with HMAC SHA-256 and the shared secret; of no other algorithm, whatever a header says. */
export const hs256Verifier = (options: Hs256Options): TokenVerifier => {
  const key = new TextEncoder().encode(options.secret);
  const checks: JWTVerifyOptions = {
    algorithms: ['HS256'],
    requiredClaims: ['exp'],
    clockTolerance: leewaySeconds,
    ...(options.issuer === undefined ? {} : { issuer: options.issuer }),
    ...(options.audience === undefined ? {} : { audience: options.audience }),
  };

  return {
    verify: async (token): Promise<Verdict> => {
      try {
        const { payload } = await jwtVerify(token, key, checks);
        return readClaims(payload, options, Date.now() / 1000);
      } catch (error) {
        if (error instanceof errors.JOSEError) return { outcome: 'refused', reason: error.code };
        throw error;
      }
    },
  };
};
