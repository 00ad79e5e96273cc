import type { TokenVerifier } from '../../application/ports/token-verifier.ts';
import { keyPairAlgorithms, secretAlgorithm } from './algorithms.ts';
import { hs256Verifier } from './hs256-verifier.ts';
import { jwksVerifier } from './jwks-verifier.ts';
import type { TokenRules } from './verify-token.ts';
import { verifierByAlgorithm } from './verifier-by-algorithm.ts';

interface TokenVerifierOptions extends TokenRules {
  /** At least one of the two is required. */
  readonly secret: string | undefined;
  readonly keySetUrl: string | undefined;
  /** The allowed algorithms. Undefined: all supported ones. */
  readonly algorithms: readonly string[] | undefined;
  /** Called for every failed fetch of the keys. */
  readonly keysNotFetched: (error: unknown) => void;
}

/** A verifier by the secret, by the key set, or, if both are configured, by the one for the token's algorithm. */
export const createTokenVerifier = (options: TokenVerifierOptions): TokenVerifier => {
  const { secret, keySetUrl, algorithms = [secretAlgorithm, ...keyPairAlgorithms] } = options;
  const bySecret = secret === undefined ? null : hs256Verifier({ ...options, secret });
  const byKeyPair =
    keySetUrl === undefined
      ? null
      : jwksVerifier({
          ...options,
          url: keySetUrl,
          algorithms: keyPairAlgorithms.filter((name) => algorithms.includes(name)),
          failed: options.keysNotFetched,
        });
  if (bySecret !== null && byKeyPair !== null) return verifierByAlgorithm(bySecret, byKeyPair);
  const verifier = bySecret ?? byKeyPair;
  if (verifier === null) throw new Error('A secret or a key set is required to verify tokens');
  return verifier;
};
