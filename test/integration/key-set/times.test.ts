import { expect } from 'chai';
import { hangUp, sayNothing, sayStatus } from '../../support/tokens/issuer.ts';
import { keySetTrial } from '../../support/tokens/key-set.ts';
import { keyPairSigner } from '../../support/tokens/signers.ts';

const minutes = 60;
const stranger = { kid: 'nobody' };

describe('JWKS caching', () => {
  const [old, young] = [keyPairSigner('EdDSA'), keyPairSigner('ES256')];

  it('given many tokens: the keys are fetched once', async () => {
    await using trial = await keySetTrial([old, young]);
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, n) => trial.outcome(n % 2 === 0 ? old : young)),
    );
    expect(new Set(outcomes)).to.deep.equal(new Set(['verified']));
    trial.pass(4 * minutes);
    expect(await trial.outcome(old)).to.equal('verified');
    expect(trial.fetches()).to.equal(1);
  });

  it('given keys that are five minutes old: they are fetched in the background', async () => {
    await using trial = await keySetTrial([old]);
    await trial.outcome(old);
    trial.issuer.answer = sayNothing;
    trial.pass(5 * minutes);
    expect(await trial.outcome(old)).to.equal('verified');
    expect(await trial.outcome(old)).to.equal('verified');
    await trial.fetched(2);
  });

  it('given a token with a new key: the keys are fetched again, 10 s after the last fetch at the earliest', async () => {
    await using trial = await keySetTrial([old]);
    await trial.outcome(old);
    trial.issuer.keys = [old.jwk, young.jwk];
    trial.pass(9);
    expect(await trial.outcome(young)).to.equal('refused');
    expect(trial.fetches()).to.equal(1);
    trial.pass(1);
    expect(await trial.outcome(young)).to.equal('verified');
    expect(trial.fetches()).to.equal(2);
  });

  it('given a withdrawn key: refused nine minutes after the last fetch', async () => {
    await using trial = await keySetTrial([old, young]);
    await trial.outcome(old);
    trial.issuer.keys = [young.jwk];
    trial.pass(9 * minutes);
    expect(await trial.outcome(old)).to.equal('refused');
    expect(await trial.outcome(young)).to.equal('verified');
  });

  it('given a withdrawn key: refused once the new key set is fetched', async () => {
    await using trial = await keySetTrial([old, young]);
    await trial.outcome(old);
    trial.issuer.keys = [young.jwk];
    trial.pass(5 * minutes);
    expect(await trial.outcome(old)).to.equal('verified');
    await trial.settled();
    expect(await trial.outcome(old)).to.equal('refused');
  });

  it('given 10,000 unknown keys: the issuer receives at most one request in 10 s', async () => {
    await using trial = await keySetTrial([old]);
    await trial.outcome(old);
    for (let second = 1; second <= 20; second += 1) {
      trial.pass(1);
      const verdicts = await Promise.all(
        Array.from({ length: 500 }, (_, n) => trial.outcome(old, { kid: `${second}-${n}` })),
      );
      expect(new Set(verdicts)).to.deep.equal(new Set(['refused']));
    }
    expect(trial.fetches()).to.equal(1 + 2);
    expect(await trial.outcome(old)).to.equal('verified');
  }).timeout(60_000);

  for (const [what, answer] of [
    ['closes the connection', hangUp],
    ['returns 500', sayStatus(500)],
    ['does not respond', sayNothing],
  ] as const)
    it(`given an issuer that ${what} for ten minutes: tokens are verified without delay`, async () => {
      await using trial = await keySetTrial([old], { timeoutMs: 250 });
      await trial.outcome(old);
      trial.pass(4.5 * minutes);
      trial.issuer.answer = answer;
      for (let passed = 0; passed < 10 * minutes; passed += 50) {
        trial.pass(50);
        const started = performance.now();
        expect(await trial.outcome(old)).to.equal('verified');
        expect(performance.now() - started).to.be.below(200);
        await trial.settled();
      }
      expect(trial.failures).to.have.length(12);
      trial.issuer.answer = null;
      trial.pass(30);
      expect(await trial.outcome(old)).to.equal('verified');
    });

  it('given an unreachable issuer: cached keys are used for an hour, then the keys are unavailable', async () => {
    await using trial = await keySetTrial([old]);
    await trial.outcome(old);
    trial.issuer.answer = hangUp;
    trial.pass(58 * minutes);
    expect(await trial.outcome(old)).to.equal('verified');
    trial.pass(minutes);
    expect(await trial.judge(old)).to.deep.include({ outcome: 'unavailable', retryAfterSeconds: 10 });
    trial.issuer.answer = null;
    trial.issuer.keys = [];
    trial.pass(10);
    expect(await trial.outcome(old)).to.equal('refused');
  });

  it('given no keys yet: unavailable, and the issuer receives at most one request in 10 s', async () => {
    await using trial = await keySetTrial([old]);
    trial.issuer.answer = hangUp;
    const first = await Promise.all([trial.judge(old), trial.judge(young), trial.judge(old, stranger)]);
    for (const verdict of first)
      expect(verdict).to.deep.include({ outcome: 'unavailable', retryAfterSeconds: 10 });
    trial.issuer.answer = null;
    trial.pass(8.5);
    expect(await trial.judge(old)).to.deep.include({ outcome: 'unavailable', retryAfterSeconds: 2 });
    expect(trial.fetches()).to.equal(1);
    expect(trial.failures).to.have.length(1);
    trial.pass(1.5);
    expect(await trial.outcome(old)).to.equal('verified');
    expect(trial.fetches()).to.equal(2);
  });

  it('given an unknown key, an unreachable issuer and cached keys of eight minutes: refused', async () => {
    await using trial = await keySetTrial([old]);
    await trial.outcome(old);
    trial.issuer.answer = hangUp;
    trial.pass(8 * minutes);
    expect(await trial.outcome(old, stranger)).to.equal('refused');
  });

  it('given an unknown key, an unreachable issuer and cached keys of nine minutes: unavailable', async () => {
    await using trial = await keySetTrial([old]);
    await trial.outcome(old);
    trial.issuer.answer = hangUp;
    trial.pass(9 * minutes);
    expect(await trial.judge(old, stranger)).to.include({ outcome: 'unavailable' });
    expect(await trial.outcome(old)).to.equal('verified');
  });
});
