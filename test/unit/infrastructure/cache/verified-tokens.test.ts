import { expect } from 'chai';
import type { TokenVerifier, Verdict } from '../../../../src/application/ports/token-verifier.ts';
import { verifiedTokens } from '../../../../src/infrastructure/cache/verified-tokens.ts';
import { hs256Verifier } from '../../../../src/infrastructure/jose/hs256-verifier.ts';
import { startKeySetTest } from '../../../support/tokens/key-set.ts';
import { claimsOf, keyPairSigner, secretSigner, tokenBy } from '../../../support/tokens/signers.ts';
import { testSecret } from '../../../support/tokens/tokens.ts';

/** A real verifier that counts, behind a memory, under one clock. */
const trialOf = (max = 10, start = 1_800_000_000) => {
  let time = start * 1000;
  let checks = 0;
  const now = () => time;
  const checked = hs256Verifier({ secret: testSecret, userIdClaims: ['sub'], now });
  const counted: TokenVerifier = {
    verify: (token) => {
      checks += 1;
      return checked.verify(token);
    },
  };
  const verifier = verifiedTokens(counted, { max, now });
  return {
    start,
    checks: () => checks,
    pass: (milliseconds: number) => void (time += milliseconds),
    token: (claims: object = {}) => tokenBy(secretSigner(), { ...claimsOf('user-1', start), ...claims }),
    judge: (token: string): Promise<Verdict> => verifier.verify(token),
    outcome: async (token: string) => (await verifier.verify(token)).outcome,
  };
};

describe('remembering tokens', () => {
  it('checks a good token once, and says the same every time', async () => {
    const { token, judge, checks } = trialOf();
    const good = token({ email: 'ada@example.org', name: 'Ada' });
    const first = await judge(good);
    expect(first.outcome).to.equal('verified');
    expect(await judge(good)).to.deep.equal(first);
    expect(await judge(good)).to.deep.equal(first);
    expect(checks()).to.equal(1);
  });

  it('tells tokens apart, whoever they are for', async () => {
    const { token, judge, checks } = trialOf();
    for (const sub of ['a', 'b', 'a', 'b']) {
      const verdict = await judge(token({ sub }));
      expect(verdict.outcome === 'verified' && verdict.owner.id).to.equal(sub);
    }
    expect(checks()).to.equal(2);
  });

  it('never remembers a token that was refused', async () => {
    const { token, outcome, checks } = trialOf();
    const early = token({ nbf: 1_800_000_011 });
    expect(await outcome(early)).to.equal('refused');
    expect(await outcome(early)).to.equal('refused');
    expect(checks()).to.equal(2);
  });

  it('takes a token that was refused once it is good', async () => {
    const { token, outcome, pass } = trialOf();
    const early = token({ nbf: 1_800_000_011 });
    expect(await outcome(early)).to.equal('refused');
    pass(1_000);
    expect(await outcome(early)).to.equal('verified');
  });

  it('ends with the token, to the millisecond, leeway included', async () => {
    const { token, outcome, pass, start, checks } = trialOf();
    const short = token({ exp: start + 5 });
    expect(await outcome(short)).to.equal('verified');
    pass(14_999);
    expect(await outcome(short)).to.equal('verified');
    expect(checks()).to.equal(1);
    pass(1);
    expect(await outcome(short)).to.equal('refused');
  });

  // The second start is beyond 2^31 s, where a double has less room for a fraction.
  for (const start of [1_800_000_000, 2_147_483_700])
    it(`ends with the token to the millisecond, whatever the fraction of exp, at ${start}`, async () => {
      const { token, outcome, pass, checks } = trialOf(1_000, start);
      let now = 0;
      for (let milliseconds = 0; milliseconds < 1_000; milliseconds += 7) {
        const exp = Number(`${start + 1_000}.${String(milliseconds).padStart(3, '0')}`);
        const ends = 1_010_000 + milliseconds;
        const brief = token({ exp });
        pass(ends - 2 - now);
        expect(await outcome(brief), `${exp}, 2 ms before its end`).to.equal('verified');
        const before = checks();
        pass(1);
        expect(await outcome(brief), `${exp}, 1 ms before its end`).to.equal('verified');
        expect(checks(), `${exp} is remembered`).to.equal(before);
        pass(1);
        expect(await outcome(brief), `${exp}, at its end`).to.equal('refused');
        now = ends;
      }
    });

  it('knows nbf even where the clock is set back', async () => {
    const { token, outcome, pass, start } = trialOf();
    const fresh = token({ nbf: start + 10 });
    expect(await outcome(fresh)).to.equal('verified');
    pass(-1_000);
    expect(await outcome(fresh)).to.equal('refused');
  });

  it('checks a token in full again after a minute', async () => {
    const { token, outcome, pass, checks } = trialOf();
    const good = token();
    await outcome(good);
    pass(59_999);
    await outcome(good);
    expect(checks()).to.equal(1);
    pass(1);
    expect(await outcome(good)).to.equal('verified');
    expect(checks()).to.equal(2);
  });

  it('forgets the token that was not seen for longest, where there are too many', async () => {
    const { token, outcome, checks } = trialOf(2);
    const [a, b, c] = [token({ sub: 'a' }), token({ sub: 'b' }), token({ sub: 'c' })];
    for (const seen of [a, b, a, c, a]) await outcome(seen);
    expect(checks()).to.equal(3);
    await outcome(b);
    expect(checks()).to.equal(4);
  });

  it('lets a token go within a minute after its key is known to be withdrawn', async () => {
    const [gone, kept] = [keyPairSigner(), keyPairSigner()];
    await using trial = await startKeySetTest([gone, kept]);
    let time = Date.now();
    const verifier = verifiedTokens(trial.verifier, { max: 10, now: () => time });
    const token = tokenBy(gone, claimsOf('user-1'));
    expect((await verifier.verify(token)).outcome).to.equal('verified');
    trial.issuer.keys = [kept.jwk];
    trial.advance(10);
    await trial.untilIdle();
    expect((await verifier.verify(token)).outcome).to.equal('verified');
    time += 60_000;
    expect((await verifier.verify(token)).outcome).to.equal('refused');
    expect((await verifier.verify(token)).outcome).to.equal('refused');
  });
});
