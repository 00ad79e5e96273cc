import type { TokenVerifier, Verdict } from '../../src/application/ports/token-verifier.ts';
import type { TokenRules } from '../../src/infrastructure/jose/verify-token.ts';
import { claimsOf, tokenBy, type Signer } from '../support/tokens/signers.ts';
import { userTests } from './token-verifier/users.ts';
import { scopeTests } from './token-verifier/scopes.ts';
import { timeTests } from './token-verifier/times.ts';
import { forgeryTests } from './token-verifier/forgeries.ts';
import { issuerTests } from './token-verifier/issuers.ts';

/** A verifier that accepts the signer's key and not the stranger's. */
export interface VerifierUnderTest {
  readonly verifier: (rules: TokenRules) => TokenVerifier;
  readonly signer: Signer;
  readonly stranger: Signer;
  readonly close: () => PromiseLike<void>;
}

/** The current time in all tests of the suite, in seconds since 1970. */
export const nowSeconds = 1_800_000_000;

/** What each section of the suite works with. */
export interface Trial {
  readonly signer: Signer;
  readonly stranger: Signer;
  /** The verdict on a token at the time of the suite, or `later` milliseconds after it. */
  judge(token: string, rules?: Partial<TokenRules>, later?: number): Promise<Verdict>;
  /** The verdict on a valid token in which these claims are replaced. */
  judgeClaims(claims: object, rules?: Partial<TokenRules>, later?: number): Promise<Verdict>;
}

/** One section of the suite. It may call `trial` only inside of tests. */
export type Section = (trial: () => Trial) => void;

/** The contract of the port `TokenVerifier`, for one verifier. */
export const tokenVerifierContract = (name: string, make: () => Promise<VerifierUnderTest>): void => {
  describe(`TokenVerifier: ${name}`, () => {
    let subject: VerifierUnderTest | null = null;
    before(async () => {
      subject = await make();
    });
    after(() => subject?.close());

    const trial = (): Trial => {
      if (subject === null) throw new Error('The verifier is available only inside of tests');
      const { signer, stranger, verifier } = subject;
      const judge: Trial['judge'] = (token, rules = {}, later = 0) => {
        const now = () => nowSeconds * 1000 + later;
        return verifier({ userIdClaims: ['user_id', 'sub', 'id'], now, ...rules }).verify(token);
      };
      const judgeClaims: Trial['judgeClaims'] = (claims, rules, later) =>
        judge(tokenBy(signer, { ...claimsOf('user-1', nowSeconds), ...claims }), rules, later);
      return { signer, stranger, judge, judgeClaims };
    };
    for (const [name, defineTests] of sections) describe(name, () => defineTests(trial));
  });
};

const sections: readonly (readonly [name: string, defineTests: Section])[] = [
  ['users', userTests],
  ['scopes', scopeTests],
  ['times', timeTests],
  ['issuers and audiences', issuerTests],
  ['forged tokens', forgeryTests],
];
