import { expect } from 'chai';
import { hangUp, sayNothing, sayStatus } from '../../support/tokens/issuer.ts';
import { keySetTrial } from '../../support/tokens/key-set.ts';
import { keyPairSigner } from '../../support/tokens/signers.ts';

const minutes = 60;
const stranger = { kid: 'nobody' };

describe('keeping the keys of an issuer', () => {
  const [old, young] = [keyPairSigner('EdDSA'), keyPairSigner('ES256')];

  it('fetches them once for many tokens', async () => {
    await using trial = await keySetTrial([old, young]);
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, n) => trial.outcome(n % 2 === 0 ? old : young)),
    );
    expect(new Set(outcomes)).to.deep.equal(new Set(['verified']));
    trial.pass(4 * minutes);
    expect(await trial.outcome(old)).to.equal('verified');
    expect(trial.fetches()).to.equal(1);
  });

  it('fetches them anew once they are five minutes old, without letting anybody wait', async () => {
    await using trial = await keySetTrial([old]);
    await trial.outcome(old);
    trial.issuer.answer = sayNothing;
    trial.pass(5 * minutes);
    expect(await trial.outcome(old)).to.equal('verified');
    expect(await trial.outcome(old)).to.equal('verified');
    await trial.fetched(2);
  });

  it('finds a new key, if not within 10 s of the last fetch', async () => {
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

  it('stops to use a key that is withdrawn, nine minutes after it was last there', async () => {
    await using trial = await keySetTrial([old, young]);
    await trial.outcome(old);
    trial.issuer.keys = [young.jwk];
    trial.pass(9 * minutes);
    expect(await trial.outcome(old)).to.equal('refused');
    expect(await trial.outcome(young)).to.equal('verified');
  });

  it('stops to use a key that is withdrawn, as soon as it knows', async () => {
    await using trial = await keySetTrial([old, young]);
    await trial.outcome(old);
    trial.issuer.keys = [young.jwk];
    trial.pass(5 * minutes);
    expect(await trial.outcome(old)).to.equal('verified');
    await trial.settled();
    expect(await trial.outcome(old)).to.equal('refused');
  });

  it('asks an issuer at most once in 10 s, for 10,000 keys that nobody knows', async () => {
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
    ['hangs up', hangUp],
    ['fails', sayStatus(500)],
    ['says nothing', sayNothing],
  ] as const)
    it(`lets nobody notice that the issuer ${what} for ten minutes`, async () => {
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

  it('does without the issuer for an hour, and no longer, so that a withdrawn key comes to an end', async () => {
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

  it('is unavailable until there are keys, and asks for them at most once in 10 s', async () => {
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

  it('refuses a key it does not know while its keys are young, even if the issuer cannot be reached', async () => {
    await using trial = await keySetTrial([old]);
    await trial.outcome(old);
    trial.issuer.answer = hangUp;
    trial.pass(8 * minutes);
    expect(await trial.outcome(old, stranger)).to.equal('refused');
  });

  it('is unavailable for a key it does not know, once its keys are old', async () => {
    await using trial = await keySetTrial([old]);
    await trial.outcome(old);
    trial.issuer.answer = hangUp;
    trial.pass(9 * minutes);
    expect(await trial.judge(old, stranger)).to.include({ outcome: 'unavailable' });
    expect(await trial.outcome(old)).to.equal('verified');
  });
});
