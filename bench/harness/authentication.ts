import { verifiedTokens } from '../../src/infrastructure/cache/verified-tokens.ts';
import { keyPairAlgorithms } from '../../src/infrastructure/jose/algorithms.ts';
import { createTokenVerifier } from '../../src/infrastructure/jose/create-token-verifier.ts';
import { startIssuer } from '../../test/support/tokens/issuer.ts';
import {
  claimsOf,
  keyPairSigner,
  secretSigner,
  tokenBy,
  type Signer,
} from '../../test/support/tokens/signers.ts';
import { testSecret } from '../../test/support/tokens/tokens.ts';

/*
 * The cost of authentication: `node bench/authentication.ts`. Verifies the tokens of 1,000 users one after another,
 * without and with the cache of verified tokens.
 */

const users = 1_000;
const rounds = 5;
const pairs = ['EdDSA', 'ES256', 'RS256'] as const;

const pairSigners = pairs.map((algorithm) => keyPairSigner(algorithm));
const signers: readonly Signer[] = [secretSigner(), ...pairSigners];

/** Microseconds for one verification: the best of several rounds, so that other load counts less. */
const measure = async (
  verify: (token: string) => Promise<unknown>,
  tokens: readonly string[],
): Promise<number> => {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    for (const token of tokens) await verify(token);
    best = Math.min(best, ((performance.now() - started) * 1000) / tokens.length);
  }
  return best;
};

await using issuer = await startIssuer(...pairSigners.map(({ jwk }) => jwk));
const verifier = createTokenVerifier({
  secret: testSecret,
  keySetUrl: issuer.url,
  algorithms: ['HS256', ...keyPairAlgorithms],
  userIdClaims: ['user_id', 'sub', 'id'],
  keysNotFetched: (error) => console.error(error),
});
const cached = verifiedTokens(verifier, { max: 10_000 });

console.log(`microseconds for one verification, ${users} users, best of ${rounds} rounds`);
for (const signer of signers) {
  const tokens = Array.from({ length: users }, (_, user) =>
    tokenBy(signer, { ...claimsOf(`user-${user}`), email: `user-${user}@example.org`, name: 'A User' }),
  );
  const uncachedTime = await measure((token) => verifier.verify(token), tokens);
  const cachedTime = await measure((token) => cached.verify(token), tokens);
  console.log(
    `${String(signer.header['alg']).padEnd(6)} uncached ${uncachedTime.toFixed(1).padStart(6)}   cached ${cachedTime.toFixed(1).padStart(5)}   ${(uncachedTime / cachedTime).toFixed(0)} times`,
  );
}
