import type { TokenVerifier, Verdict } from '../../../src/application/ports/token-verifier.ts';
import { keyPairAlgorithms } from '../../../src/infrastructure/jose/algorithms.ts';
import { jwksVerifier, type JwksOptions } from '../../../src/infrastructure/jose/jwks-verifier.ts';
import { startIssuer, type Issuer } from './issuer.ts';
import { claimsOf, tokenBy, type KeyPairSigner, type Signer } from './signers.ts';

/** A verifier of a key set, the issuer of that, and a clock that stands still until it is moved. */
export interface KeySetTrial extends AsyncDisposable {
  readonly issuer: Issuer;
  readonly verifier: TokenVerifier;
  /** What kept keys from being fetched, so far. */
  readonly failures: readonly unknown[];
  /** Lets so many seconds pass. */
  pass(seconds: number): void;
  /** The verdict on a good token of this signer. */
  judge(signer: Signer, header?: Readonly<Record<string, unknown>>): Promise<Verdict>;
  /** The outcome of {@link judge}. */
  outcome(signer: Signer, header?: Readonly<Record<string, unknown>>): Promise<Verdict['outcome']>;
  /** How often the issuer was asked for keys. */
  fetches(): number;
  /** Waits until the issuer was asked so often. */
  fetched(times: number): Promise<void>;
  /** Waits until no fetch is under way. */
  settled(): Promise<void>;
}

export const keySetTrial = async (
  signers: readonly KeyPairSigner[],
  options: Partial<JwksOptions> = {},
): Promise<KeySetTrial> => {
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
  const judge: KeySetTrial['judge'] = (signer, header) =>
    verifier.verify(tokenBy(signer, claimsOf('user-1'), header));
  return {
    issuer,
    verifier,
    failures,
    pass: (seconds) => void (time += seconds * 1000),
    judge,
    outcome: async (signer, header) => (await judge(signer, header)).outcome,
    fetches: () => issuer.asked.length,
    fetched: async (times) => {
      const deadline = Date.now() + 5_000;
      while (issuer.asked.length < times) {
        if (Date.now() > deadline)
          throw new Error(`Keys were fetched ${issuer.asked.length} times, not ${times}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    // An unknown key joins the fetch under way, and so waits for its end.
    settled: async () => {
      await judge({ header: { alg: 'EdDSA', kid: 'nobody' }, sign: () => Buffer.alloc(64) });
    },
    [Symbol.asyncDispose]: () => issuer[Symbol.asyncDispose](),
  };
};
