import type { TokenVerifier, Verdict } from '../../src/application/ports/token-verifier.ts';
import type { TokenRules } from '../../src/infrastructure/jose/signed-token-verifier.ts';
import { claimsOf, tokenBy, type Signer } from '../support/tokens/signers.ts';
import { namesUsers } from './token-verifier/users.ts';
import { knowsTimes } from './token-verifier/times.ts';
import { refusesForgeries } from './token-verifier/forgeries.ts';
import { checksIssuers } from './token-verifier/issuers.ts';

/** A verifier to prove, whose key the signer has and the stranger has not. */
export interface VerifierUnderTest {
  readonly verifier: (rules: TokenRules) => TokenVerifier;
  readonly signer: Signer;
  readonly stranger: Signer;
  readonly close: () => PromiseLike<void>;
}

/** The time of the suite, in seconds since 1970. */
export const theTime = 1_800_000_000;

/** What the chapters of the suite work with. */
export interface Trial {
  readonly signer: Signer;
  readonly stranger: Signer;
  /** The verdict on a token, at the time of the suite, or so many milliseconds later. */
  judge(token: string, rules?: Partial<TokenRules>, later?: number): Promise<Verdict>;
  /** The verdict on a token with these claims in the place of good ones. */
  judgeClaims(claims: object, rules?: Partial<TokenRules>, later?: number): Promise<Verdict>;
}

/** The part of the suite that a file holds; it asks for the trial inside its tests. */
export type Chapter = (trial: () => Trial) => void;

/** Proves what the port promises, and what the contract says of tokens, of one verifier. */
export const tokenVerifierContract = (name: string, make: () => Promise<VerifierUnderTest>): void => {
  describe(`TokenVerifier: ${name}`, () => {
    let subject: VerifierUnderTest | null = null;
    before(async () => {
      subject = await make();
    });
    after(() => subject?.close());

    const trial = (): Trial => {
      if (subject === null) throw new Error('There is no verifier outside of tests');
      const { signer, stranger, verifier } = subject;
      const judge: Trial['judge'] = (token, rules = {}, later = 0) => {
        const now = () => theTime * 1000 + later;
        return verifier({ userIdClaims: ['user_id', 'sub', 'id'], now, ...rules }).verify(token);
      };
      const judgeClaims: Trial['judgeClaims'] = (claims, rules, later) =>
        judge(tokenBy(signer, { ...claimsOf('user-1', theTime), ...claims }), rules, later);
      return { signer, stranger, judge, judgeClaims };
    };
    for (const [chapter, prove] of chapters) describe(chapter, () => prove(trial));
  });
};

const chapters: readonly (readonly [name: string, prove: Chapter])[] = [
  ['names users', namesUsers],
  ['knows times', knowsTimes],
  ['checks issuers', checksIssuers],
  ['refuses forgeries', refusesForgeries],
];
