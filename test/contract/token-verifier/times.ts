import { expect } from 'chai';
import { tokenBy } from '../../support/tokens/signers.ts';
import { theTime, type Chapter } from '../token-verifier.ts';

export const knowsTimes: Chapter = (trial) => {
  const limits: readonly (readonly [what: string, claims: object, later: number, outcome: string])[] = [
    ['exp, up to 10 s after it', { exp: theTime }, 9_999, 'verified'],
    ['exp, 10 s after it', { exp: theTime }, 10_000, 'refused'],
    ['exp, long after it', { exp: 1 }, 0, 'refused'],
    ['exp, far ahead', { exp: Number.MAX_SAFE_INTEGER }, 0, 'verified'],
    ['exp with a fraction, up to 10 s after it', { exp: theTime + 0.25 }, 10_249, 'verified'],
    ['exp with a fraction, 10 s after it', { exp: theTime + 0.25 }, 10_250, 'refused'],
    ['exp with a fraction, more than 10 s after it', { exp: theTime + 0.25 }, 10_999, 'refused'],
    ['exp with milliseconds, up to 10 s after it', { exp: theTime + 0.001 }, 10_000, 'verified'],
    ['exp with milliseconds, 10 s after it', { exp: theTime + 0.001 }, 10_001, 'refused'],
    ['exp with microseconds, up to 10 s after it', { exp: theTime + 0.000_4 }, 10_000, 'verified'],
    ['exp with microseconds, 10 s after it', { exp: theTime + 0.000_4 }, 10_001, 'refused'],
    ['exp just below a second, up to 10 s after it', { exp: theTime + 0.999_999 }, 10_999, 'verified'],
    ['exp just below a second, 10 s after it', { exp: theTime + 0.999_999 }, 11_000, 'refused'],
    ['exp with a fraction, far ahead', { exp: theTime + 3600.25 }, 0, 'verified'],
    ['exp with a fraction, long after it', { exp: 0.5 }, 0, 'refused'],
    ['nbf, 10 s before it', { nbf: theTime + 10 }, 0, 'verified'],
    ['nbf, more than 10 s before it', { nbf: theTime + 11 }, 0, 'refused'],
    ['nbf, long past', { nbf: 0 }, 0, 'verified'],
    ['nbf before 1970', { nbf: -0.5 }, 0, 'verified'],
    ['nbf with a fraction, past', { nbf: theTime - 0.5 }, 0, 'verified'],
    ['nbf with a fraction, 10 s before it', { nbf: theTime + 10.5 }, 500, 'verified'],
    ['nbf with a fraction, more than 10 s before it', { nbf: theTime + 10.5 }, 499, 'refused'],
    ['nbf with milliseconds, 10 s before it', { nbf: theTime + 10.001 }, 1, 'verified'],
    ['nbf with milliseconds, more than 10 s before it', { nbf: theTime + 10.001 }, 0, 'refused'],
    ['iat, 10 s before it', { iat: theTime + 10 }, 0, 'verified'],
    ['iat, more than 10 s before it', { iat: theTime + 11 }, 0, 'refused'],
    ['iat, long past', { iat: 0 }, 0, 'verified'],
    ['iat before 1970', { iat: -0.5 }, 0, 'verified'],
    ['iat with a fraction, past', { iat: theTime - 0.5 }, 0, 'verified'],
    ['iat with a fraction, 10 s before it', { iat: theTime + 10.5 }, 500, 'verified'],
    ['iat with a fraction, more than 10 s before it', { iat: theTime + 10.5 }, 499, 'refused'],
    ['iat with milliseconds, 10 s before it', { iat: theTime + 10.001 }, 1, 'verified'],
    ['iat with milliseconds, more than 10 s before it', { iat: theTime + 10.001 }, 0, 'refused'],
    ['no iat', { iat: undefined }, 0, 'verified'],
  ];
  for (const [what, claims, later, outcome] of limits)
    it(`knows ${what}: ${outcome}`, async () => {
      expect((await trial().judgeClaims(claims, {}, later)).outcome).to.equal(outcome);
    });

  it('refuses a token without exp', async () => {
    expect((await trial().judgeClaims({ exp: undefined })).outcome).to.equal('refused');
    expect((await trial().judgeClaims({ exp: null })).outcome).to.equal('refused');
  });

  // `NaN` and `Infinity` are not JSON: such a payload is refused as a whole. Within quotes they are strings.
  const noTime = [
    '"1900000000"',
    '"NaN"',
    '"Infinity"',
    'NaN',
    'Infinity',
    '1e400',
    '-1e400',
    '1e300',
    '-1e300',
    '9007199254740992', // 2^53
    '-9007199254740992',
    'null',
    'true',
    '{}',
    '[1900000000]',
  ];
  for (const exp of [...noTime, '-1', '-0', '0', '0.5', '-0.5'])
    it(`refuses an exp of ${exp}`, async () => {
      const token = tokenBy(trial().signer, `{"sub":"user-1","exp":${exp}}`);
      expect((await trial().judge(token)).outcome).to.equal('refused');
    });

  for (const claim of ['nbf', 'iat']) {
    for (const value of noTime)
      it(`refuses an ${claim} of ${value}`, async () => {
        const token = tokenBy(trial().signer, `{"sub":"user-1","exp":1900000000,"${claim}":${value}}`);
        expect((await trial().judge(token)).outcome).to.equal('refused');
      });
    for (const value of ['-1', '-0', '0', '1.5e9', '1500000000.123456789'])
      it(`takes an ${claim} of ${value}`, async () => {
        const token = tokenBy(trial().signer, `{"sub":"user-1","exp":1.9e9,"${claim}":${value}}`);
        expect((await trial().judge(token)).outcome).to.equal('verified');
      });
  }

  it('returns the end of a token with the fraction of its exp', async () => {
    const verdict = await trial().judgeClaims({ exp: theTime + 3600.25 });
    expect(verdict.outcome === 'verified' && verdict.validUntilSeconds).to.equal(theTime + 3610.25);
  });
};
