import { verifiedTokens } from '../src/infrastructure/cache/verified-tokens.ts';
import { keyPairAlgorithms } from '../src/infrastructure/jose/algorithms.ts';
import { tokenVerifier } from '../src/infrastructure/jose/token-verifier.ts';
import { startIssuer } from '../test/support/tokens/issuer.ts';
import {
  claimsOf,
  keyPairSigner,
  secretSigner,
  tokenBy,
  type Signer,
} from '../test/support/tokens/signers.ts';
import { testSecret } from '../test/support/tokens/tokens.ts';

/*
 * What it costs to find out who is asking: `node bench/authentication.ts`. One token after the other, out of 1,000
 * users' tokens, first without the memory for good tokens, then with it.
 */

const users = 1_000;
const rounds = 5;
const pairs = ['EdDSA', 'ES256', 'RS256'] as const;

const pairSigners = pairs.map((algorithm) => keyPairSigner(algorithm));
const signers: readonly Signer[] = [secretSigner(), ...pairSigners];

/** Microseconds for one verification: the best of several rounds, so that a neighbour's work counts less. */
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
const verifier = tokenVerifier({
  secret: testSecret,
  keySetUrl: issuer.url,
  algorithms: ['HS256', ...keyPairAlgorithms],
  userIdClaims: ['user_id', 'sub', 'id'],
  keysNotFetched: (error) => console.error(error),
});
const remembering = verifiedTokens(verifier, { max: 10_000 });

console.log(`microseconds for one verification, ${users} users, best of ${rounds} rounds`);
for (const signer of signers) {
  const tokens = Array.from({ length: users }, (_, user) =>
    tokenBy(signer, { ...claimsOf(`user-${user}`), email: `user-${user}@example.org`, name: 'A User' }),
  );
  const full = await measure((token) => verifier.verify(token), tokens);
  const known = await measure((token) => remembering.verify(token), tokens);
  console.log(
    `${String(signer.header['alg']).padEnd(6)} in full ${full.toFixed(1).padStart(6)}   remembered ${known.toFixed(1).padStart(5)}   ${(full / known).toFixed(0)} times`,
  );
}
