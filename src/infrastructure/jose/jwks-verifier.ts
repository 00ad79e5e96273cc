import { errors, jwtVerify } from 'jose';
import type { TokenVerifier } from '../../application/ports/token-verifier.ts';
import { allowedNames, type KeyPairAlgorithm } from './algorithms.ts';
import { remoteKeys, type RemoteKeysOptions } from './remote-keys.ts';
import { verifyToken, type CheckSignature, type TokenRules } from './verify-token.ts';

export interface JwksOptions extends TokenRules, RemoteKeysOptions {
  readonly algorithms: readonly KeyPairAlgorithm[];
}

/**
 * Verifies tokens by the public keys of the issuer. The token selects the key by its `kid`; its header has no influence on
 * the URL of the keys or on the allowed algorithms.
 */
export const jwksVerifier = (options: JwksOptions): TokenVerifier => {
  const keys = remoteKeys(options);

  const check: CheckSignature = async (token, checks) => {
    try {
      return await jwtVerify(token, keys, checks);
    } catch (error) {
      if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
      return checkWithEach(error, token, checks);
    }
  };

  return { verify: verifyToken(allowedNames(options.algorithms), options, check) };
};

/**
 * A token without a `kid` is verified with each key of its type. A key that cannot be used is skipped (RFC 7517, section 5): for
 * one that is too short, or has wrong values, jose throws an error that is not its own.
 */
const checkWithEach = async (
  keys: errors.JWKSMultipleMatchingKeys,
  ...[token, checks]: Parameters<CheckSignature>
): ReturnType<CheckSignature> => {
  for await (const key of keys) {
    try {
      return await jwtVerify(token, key, checks);
    } catch (error) {
      const isOfKey =
        !(error instanceof errors.JOSEError) || error instanceof errors.JWSSignatureVerificationFailed;
      if (!isOfKey) throw error;
    }
  }
  throw new errors.JWSSignatureVerificationFailed();
};
