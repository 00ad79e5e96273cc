import { createSecretKey } from 'node:crypto';
import { jwtVerify } from 'jose';
import type { TokenVerifier } from '../../application/ports/token-verifier.ts';
import { secretAlgorithm } from './algorithms.ts';
import { verifyToken, type TokenRules } from './verify-token.ts';

interface Hs256Options extends TokenRules {
  /** The secret shared with the issuer; at least 32 bytes (RFC 7518, section 3.2). */
  readonly secret: string;
}

/** Verifies tokens signed by HMAC SHA-256 with the shared secret. Other algorithms are rejected. */
export const hs256Verifier = (options: Hs256Options): TokenVerifier => {
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  const key = createSecretKey(options.secret, 'utf8').toCryptoKey(hmac, false, ['verify']);
  const verify = verifyToken([secretAlgorithm], options, (token, checks) => jwtVerify(token, key, checks));
  return { verify };
};
