import { decodeProtectedHeader } from 'jose';
import type { TokenVerifier } from '../../application/ports/token-verifier.ts';
import { secretAlgorithm } from './algorithms.ts';

/** Of two verifiers, the one for the token's algorithm. No key is ever tried that belongs to another algorithm. */
export const verifierByAlgorithm = (bySecret: TokenVerifier, byKeyPair: TokenVerifier): TokenVerifier => ({
  verify: (token) => (algorithmOf(token) === secretAlgorithm ? bySecret : byKeyPair).verify(token),
});

const algorithmOf = (token: string): unknown => {
  try {
    return decodeProtectedHeader(token).alg;
  } catch {
    return undefined; // either verifier refuses it
  }
};
