import type { TokenVerifier, Verdict } from '../../../src/application/ports/token-verifier.ts';
import { keyPairAlgorithms } from '../../../src/infrastructure/jose/algorithms.ts';
import { jwksVerifier, type JwksOptions } from '../../../src/infrastructure/jose/jwks-verifier.ts';
import { startIssuer, type Issuer } from './issuer.ts';
import { claimsOf, tokenBy, type KeyPairSigner, type Signer } from './signers.ts';

/** A verifier that reads the key set of an issuer, with a clock that the test controls. */
interface KeySetTest extends AsyncDisposable {
  readonly issuer: Issuer;
  readonly verifier: TokenVerifier;
  /** The errors of fetching keys so far. */
  readonly failures: readonly unknown[];
  /** Advances the clock. */
  advance(seconds: number): void;
  /** Verifies a token of this signer whose claims are valid. */
  verify(signer: Signer, header?: Readonly<Record<string, unknown>>): Promise<Verdict>;
  /** The outcome of {@link verify}. */
  outcome(signer: Signer, header?: Readonly<Record<string, unknown>>): Promise<Verdict['outcome']>;
  /** The number of requests for keys so far. */
  fetches(): number;
  /** Waits for this number of requests for keys. */
  untilFetched(times: number): Promise<void>;
  /** Waits until no fetch is running. */
  untilIdle(): Promise<void>;
}

export const startKeySetTest = async (
  signers: readonly KeyPairSigner[],
  options: Partial<JwksOptions> = {},
): Promise<KeySetTest> => {
  const issuer = await startIssuer(...signers.map(({ jwk }) => jwk));
  const failures: unknown[] = [];
  let time = 1_000_000;
  const verifier = jwksVerifier({
    url: issuer.url,
    algorithms: keyPairAlgorithms,
    userIdClaims: ['sub'],
    failed: (error) => void failures.push(error),
    clock: () => time,
    ...options,
  });
  const verify: KeySetTest['verify'] = (signer, header) =>
    verifier.verify(tokenBy(signer, claimsOf('user-1'), header));
  return {
    issuer,
    verifier,
    failures,
    advance: (seconds) => void (time += seconds * 1000),
    verify,
    outcome: async (signer, header) => (await verify(signer, header)).outcome,
    fetches: () => issuer.requestedPaths.length,
    untilFetched: async (times) => {
      const deadline = Date.now() + 5_000;
      while (issuer.requestedPaths.length < times) {
        if (Date.now() > deadline)
          throw new Error(`Keys were fetched ${issuer.requestedPaths.length} times, not ${times}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    // A token with an unknown key joins the running fetch and waits for its end.
    untilIdle: async () => {
      await verify({ header: { alg: 'EdDSA', kid: 'nobody' }, sign: () => Buffer.alloc(64) });
    },
    [Symbol.asyncDispose]: () => issuer[Symbol.asyncDispose](),
  };
};
