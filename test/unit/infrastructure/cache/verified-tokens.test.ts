import { expect } from 'chai';
import type { TokenVerifier, Verdict } from '../../../../src/application/ports/token-verifier.ts';
import { verifiedTokens } from '../../../../src/infrastructure/cache/verified-tokens.ts';
import { hs256Verifier } from '../../../../src/infrastructure/jose/hs256-verifier.ts';
import { startKeySetTest } from '../../../support/tokens/key-set.ts';
import { claimsOf, keyPairSigner, secretSigner, tokenBy } from '../../../support/tokens/signers.ts';
import { testSecret } from '../../../support/tokens/tokens.ts';

/** Verified tokens over a real verifier whose calls are counted. `advance` moves both clocks, `setTime` the time of day. */
const setUp = (max = 10, start = 1_800_000_000) => {
  let time = start * 1000;
  let clock = 0;
  let checks = 0;
  const now = () => time;
  const checked = hs256Verifier({ secret: testSecret, userIdClaims: ['sub'], now });
  const counted: TokenVerifier = {
    verify: (token) => {
      checks += 1;
      return checked.verify(token);
    },
  };
  const verifier = verifiedTokens(counted, { max, now, clock: () => clock });
  return {
    start,
    checks: () => checks,
    advance: (milliseconds: number) => {
      time += milliseconds;
      clock += milliseconds;
    },
    setTime: (change: number) => void (time += change),
    token: (claims: object = {}) => tokenBy(secretSigner(), { ...claimsOf('user-1', start), ...claims }),
    verify: (token: string): Promise<Verdict> => verifier.verify(token),
    outcome: async (token: string) => (await verifier.verify(token)).outcome,
  };
};

describe('verifiedTokens', () => {
  it('given a good token three times: checks it once, and returns the same verdict each time', async () => {
    const { token, verify, checks } = setUp();
    const good = token({ email: 'ada@example.org', name: 'Ada' });
    const first = await verify(good);
    expect(first.outcome).to.equal('verified');
    expect(await verify(good)).to.deep.equal(first);
    expect(await verify(good)).to.deep.equal(first);
    expect(checks()).to.equal(1);
  });

  it('given tokens of two users: returns the user of each token', async () => {
    const { token, verify, checks } = setUp();
    for (const sub of ['a', 'b', 'a', 'b']) {
      const verdict = await verify(token({ sub }));
      expect(verdict.outcome === 'verified' && verdict.user.id).to.equal(sub);
    }
    expect(checks()).to.equal(2);
  });

  it('given a refused token twice: checks it each time', async () => {
    const { token, outcome, checks } = setUp();
    const early = token({ nbf: 1_800_000_011 });
    expect(await outcome(early)).to.equal('refused');
    expect(await outcome(early)).to.equal('refused');
    expect(checks()).to.equal(2);
  });

  it('given a refused token whose nbf has passed by now: verified', async () => {
    const { token, outcome, advance } = setUp();
    const early = token({ nbf: 1_800_000_011 });
    expect(await outcome(early)).to.equal('refused');
    advance(1_000);
    expect(await outcome(early)).to.equal('verified');
  });

  it('given a remembered token: refused from exp plus leeway on, to the millisecond', async () => {
    const { token, outcome, advance, start, checks } = setUp();
    const short = token({ exp: start + 5 });
    expect(await outcome(short)).to.equal('verified');
    advance(14_999);
    expect(await outcome(short)).to.equal('verified');
    expect(checks()).to.equal(1);
    advance(1);
    expect(await outcome(short)).to.equal('refused');
  });

  // The second start is beyond 2^31 s, where a double has fewer bits for the fraction.
  for (const start of [1_800_000_000, 2_147_483_700])
    it(`given an exp with a fraction, after ${start}: refused from exp plus leeway on, to the millisecond`, async () => {
      const { token, outcome, advance, checks } = setUp(1_000, start);
      let now = 0;
      for (let milliseconds = 0; milliseconds < 1_000; milliseconds += 7) {
        const exp = Number(`${start + 1_000}.${String(milliseconds).padStart(3, '0')}`);
        const ends = 1_010_000 + milliseconds;
        const brief = token({ exp });
        advance(ends - 2 - now);
        expect(await outcome(brief), `${exp}, 2 ms before its end`).to.equal('verified');
        const before = checks();
        advance(1);
        expect(await outcome(brief), `${exp}, 1 ms before its end`).to.equal('verified');
        expect(checks(), `${exp} is remembered`).to.equal(before);
        advance(1);
        expect(await outcome(brief), `${exp}, at its end`).to.equal('refused');
        now = ends;
      }
    });

  it('given a clock that is set back before nbf: refused', async () => {
    const { token, outcome, setTime, start } = setUp();
    const fresh = token({ nbf: start + 10 });
    expect(await outcome(fresh)).to.equal('verified');
    setTime(-1_000);
    expect(await outcome(fresh)).to.equal('refused');
  });

  it('given a clock set back after a while: the token is checked again after a minute', async () => {
    const { token, outcome, advance, setTime, checks } = setUp();
    const good = token();
    await outcome(good);
    for (let second = 0; second < 59; second += 1) {
      advance(1_000);
      setTime(-1_000);
      expect(await outcome(good)).to.equal('verified');
    }
    expect(checks()).to.equal(1);
    advance(1_000);
    expect(await outcome(good)).to.equal('verified');
    expect(checks()).to.equal(2);
  });

  it('given a clock set forward beyond exp: refused at once', async () => {
    const { token, outcome, setTime, start } = setUp();
    const short = token({ exp: start + 3_600 });
    expect(await outcome(short)).to.equal('verified');
    setTime(3_610_000);
    expect(await outcome(short)).to.equal('refused');
  });

  it('given a clock set back by less than has passed: not remembered for longer than until exp', async () => {
    const { token, outcome, advance, setTime, checks, start } = setUp();
    const short = token({ exp: start + 5 });
    expect(await outcome(short)).to.equal('verified');
    advance(14_999);
    setTime(-5_000);
    expect(await outcome(short)).to.equal('verified');
    expect(checks()).to.equal(1);
    advance(1);
    expect(await outcome(short)).to.equal('verified'); // by the time of day, which the verifier decides by
    expect(checks()).to.equal(2);
    advance(5_000);
    expect(await outcome(short)).to.equal('refused');
  });

  it('given a token that was checked a minute ago: checks it again', async () => {
    const { token, outcome, advance, checks } = setUp();
    const good = token();
    await outcome(good);
    advance(59_999);
    await outcome(good);
    expect(checks()).to.equal(1);
    advance(1);
    expect(await outcome(good)).to.equal('verified');
    expect(checks()).to.equal(2);
  });

  it('given more tokens than max: removes the least recently used one', async () => {
    const { token, outcome, checks } = setUp(2);
    const [a, b, c] = [token({ sub: 'a' }), token({ sub: 'b' }), token({ sub: 'c' })];
    for (const seen of [a, b, a, c, a]) await outcome(seen);
    expect(checks()).to.equal(3);
    await outcome(b);
    expect(checks()).to.equal(4);
  });

  it('given a withdrawn key: its tokens are refused after a minute at most', async () => {
    const [withdrawn, current] = [keyPairSigner(), keyPairSigner()];
    await using keySetTest = await startKeySetTest([withdrawn, current]);
    let time = Date.now();
    const verifier = verifiedTokens(keySetTest.verifier, { max: 10, now: () => time, clock: () => time });
    const token = tokenBy(withdrawn, claimsOf('user-1'));
    expect((await verifier.verify(token)).outcome).to.equal('verified');
    keySetTest.issuer.keys = [current.jwk];
    keySetTest.advance(10);
    await keySetTest.untilIdle();
    expect((await verifier.verify(token)).outcome).to.equal('verified');
    time += 60_000;
    expect((await verifier.verify(token)).outcome).to.equal('refused');
    expect((await verifier.verify(token)).outcome).to.equal('refused');
  });
});
