import { createLocalJWKSet, errors, type JWK } from 'jose';
import { allowedNames, keyPairAlgorithms } from './algorithms.ts';

/** RFC 7518, section 3.3; jose refuses signatures of shorter keys. */
const minRsaBits = 2048;

/**
 * Why no token can be verified with this key of a key set; null for a key that can be used. jose selects the key, as in
 * the verification of a token. `algorithms` undefined: all supported ones are allowed.
 */
export const unusableBecause = async (
  key: JWK,
  algorithms: readonly string[] = keyPairAlgorithms,
): Promise<string | null> => {
  if (key.kty === 'oct') return 'a shared secret, which must never be published: replace it';
  if (key.d !== undefined) return 'a private key, which must never be published: replace it';
  if (key.use !== undefined && key.use !== 'sig') return 'for another use than signatures (use)';
  if (key.key_ops !== undefined && !isForVerifying(key.key_ops)) return 'not for verifying (key_ops)';
  const find = createLocalJWKSet({ keys: [key] });
  let reason = 'for an algorithm that is not supported or not in JWT_ALGORITHMS (kty, crv, alg)';
  for (const alg of allowedNames(keyPairAlgorithms.filter((name) => algorithms.includes(name)))) {
    try {
      const found = await find({ alg }, { payload: '', signature: '' });
      const { modulusLength } = { modulusLength: minRsaBits, ...found.algorithm };
      if (modulusLength >= minRsaBits) return null;
      reason = `an RSA key of less than ${minRsaBits} bits`;
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) reason = 'with invalid values';
    }
  }
  return reason;
};

const isForVerifying = (operations: unknown): boolean =>
  Array.isArray(operations) && operations.includes('verify');
