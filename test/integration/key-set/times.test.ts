import { expect } from 'chai';
import { closeConnection, neverRespond, respondWithStatus } from '../../support/tokens/issuer.ts';
import { startKeySetTest } from '../../support/tokens/key-set.ts';
import { keyPairSigner } from '../../support/tokens/signers.ts';

const minutes = 60;
const stranger = { kid: 'nobody' };

describe('JWKS caching', () => {
  const [old, young] = [keyPairSigner('EdDSA'), keyPairSigner('ES256')];

  it('given many tokens: the keys are fetched once', async () => {
    await using trial = await startKeySetTest([old, young]);
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, n) => trial.outcome(n % 2 === 0 ? old : young)),
    );
    expect(new Set(outcomes)).to.deep.equal(new Set(['verified']));
    trial.advance(4 * minutes);
    expect(await trial.outcome(old)).to.equal('verified');
    expect(trial.fetches()).to.equal(1);
  });

  it('given keys that are five minutes old: they are fetched in the background', async () => {
    await using trial = await startKeySetTest([old]);
    await trial.outcome(old);
    trial.issuer.respond = neverRespond;
    trial.advance(5 * minutes);
    expect(await trial.outcome(old)).to.equal('verified');
    expect(await trial.outcome(old)).to.equal('verified');
    await trial.untilFetched(2);
  });

  it('given a token with a new key: the keys are fetched again, 10 s after the last fetch at the earliest', async () => {
    await using trial = await startKeySetTest([old]);
    await trial.outcome(old);
    trial.issuer.keys = [old.jwk, young.jwk];
    trial.advance(9);
    expect(await trial.outcome(young)).to.equal('refused');
    expect(trial.fetches()).to.equal(1);
    trial.advance(1);
    expect(await trial.outcome(young)).to.equal('verified');
    expect(trial.fetches()).to.equal(2);
  });

  it('given a withdrawn key: refused nine minutes after the last fetch', async () => {
    await using trial = await startKeySetTest([old, young]);
    await trial.outcome(old);
    trial.issuer.keys = [young.jwk];
    trial.advance(9 * minutes);
    expect(await trial.outcome(old)).to.equal('refused');
    expect(await trial.outcome(young)).to.equal('verified');
  });

  it('given a withdrawn key: refused once the new key set is fetched', async () => {
    await using trial = await startKeySetTest([old, young]);
    await trial.outcome(old);
    trial.issuer.keys = [young.jwk];
    trial.advance(5 * minutes);
    expect(await trial.outcome(old)).to.equal('verified');
    await trial.untilIdle();
    expect(await trial.outcome(old)).to.equal('refused');
  });

  it('given 10,000 unknown keys: the issuer receives at most one request in 10 s', async () => {
    await using trial = await startKeySetTest([old]);
    await trial.outcome(old);
    for (let second = 1; second <= 20; second += 1) {
      trial.advance(1);
      const verdicts = await Promise.all(
        Array.from({ length: 500 }, (_, n) => trial.outcome(old, { kid: `${second}-${n}` })),
      );
      expect(new Set(verdicts)).to.deep.equal(new Set(['refused']));
    }
    expect(trial.fetches()).to.equal(1 + 2);
    expect(await trial.outcome(old)).to.equal('verified');
  }).timeout(60_000);

  for (const [what, answer] of [
    ['closes the connection', closeConnection],
    ['returns 500', respondWithStatus(500)],
    ['does not respond', neverRespond],
  ] as const)
    it(`given an issuer that ${what} for ten minutes: tokens are verified without delay`, async () => {
      await using trial = await startKeySetTest([old], { timeoutMs: 250 });
      await trial.outcome(old);
      trial.advance(4.5 * minutes);
      trial.issuer.respond = answer;
      for (let passed = 0; passed < 10 * minutes; passed += 50) {
        trial.advance(50);
        const started = performance.now();
        expect(await trial.outcome(old)).to.equal('verified');
        expect(performance.now() - started).to.be.below(200);
        await trial.untilIdle();
      }
      expect(trial.failures).to.have.length(12);
      trial.issuer.respond = null;
      trial.advance(30);
      expect(await trial.outcome(old)).to.equal('verified');
    });

  it('given an unreachable issuer: cached keys are used for an hour, then the keys are unavailable', async () => {
    await using trial = await startKeySetTest([old]);
    await trial.outcome(old);
    trial.issuer.respond = closeConnection;
    trial.advance(58 * minutes);
    expect(await trial.outcome(old)).to.equal('verified');
    trial.advance(minutes);
    expect(await trial.verify(old)).to.deep.include({ outcome: 'unavailable', retryAfterSeconds: 10 });
    trial.issuer.respond = null;
    trial.issuer.keys = [];
    trial.advance(10);
    expect(await trial.outcome(old)).to.equal('refused');
  });

  it('given no keys yet: unavailable, and the issuer receives at most one request in 10 s', async () => {
    await using trial = await startKeySetTest([old]);
    trial.issuer.respond = closeConnection;
    const first = await Promise.all([trial.verify(old), trial.verify(young), trial.verify(old, stranger)]);
    for (const verdict of first)
      expect(verdict).to.deep.include({ outcome: 'unavailable', retryAfterSeconds: 10 });
    trial.issuer.respond = null;
    trial.advance(8.5);
    expect(await trial.verify(old)).to.deep.include({ outcome: 'unavailable', retryAfterSeconds: 2 });
    expect(trial.fetches()).to.equal(1);
    expect(trial.failures).to.have.length(1);
    trial.advance(1.5);
    expect(await trial.outcome(old)).to.equal('verified');
    expect(trial.fetches()).to.equal(2);
  });

  it('given an unknown key, an unreachable issuer and cached keys of eight minutes: refused', async () => {
    await using trial = await startKeySetTest([old]);
    await trial.outcome(old);
    trial.issuer.respond = closeConnection;
    trial.advance(8 * minutes);
    expect(await trial.outcome(old, stranger)).to.equal('refused');
  });

  it('given an unknown key, an unreachable issuer and cached keys of nine minutes: unavailable', async () => {
    await using trial = await startKeySetTest([old]);
    await trial.outcome(old);
    trial.issuer.respond = closeConnection;
    trial.advance(9 * minutes);
    expect(await trial.verify(old, stranger)).to.include({ outcome: 'unavailable' });
    expect(await trial.outcome(old)).to.equal('verified');
  });
});
