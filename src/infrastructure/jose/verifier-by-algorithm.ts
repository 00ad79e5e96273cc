import { decodeProtectedHeader } from 'jose';
import type { TokenVerifier } from '../../application/ports/token-verifier.ts';
import { secretAlgorithm } from './algorithms.ts';

/** Chooses the verifier by the algorithm of the token. A key is never used for another algorithm than its own. */
export const verifierByAlgorithm = (bySecret: TokenVerifier, byKeyPair: TokenVerifier): TokenVerifier => ({
  verify: (token) => (algorithmOf(token) === secretAlgorithm ? bySecret : byKeyPair).verify(token),
});

const algorithmOf = (token: string): unknown => {
  try {
    return decodeProtectedHeader(token).alg;
  } catch {
    return undefined; // both verifiers reject such a token
  }
};
