import type { TokenVerifier } from '../../application/ports/token-verifier.ts';
import { keyPairAlgorithms, secretAlgorithm } from './algorithms.ts';
import { hs256Verifier } from './hs256-verifier.ts';
import { jwksVerifier } from './jwks-verifier.ts';
import type { TokenRules } from './signed-token-verifier.ts';
import { verifierByAlgorithm } from './verifier-by-algorithm.ts';

export interface TokenVerifierOptions extends TokenRules {
  /** What tokens can be checked with; at least one of the two. */
  readonly secret: string | undefined;
  readonly keySetUrl: string | undefined;
  /** The algorithms that may be used; without it all that are known. */
  readonly algorithms: readonly string[] | undefined;
  /** Told of every fetch of keys that fails. */
  readonly keysNotFetched: (error: unknown) => void;
}

/** A verifier by the secret, by the key set, or by the one of both that knows the token's algorithm. */
export const tokenVerifier = (options: TokenVerifierOptions): TokenVerifier => {
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
  if (verifier === null) throw new Error('There is nothing to check a token with');
  return verifier;
};
