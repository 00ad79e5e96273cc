import { expect } from 'chai';
import { tokenBy } from '../../support/tokens/signers.ts';
import { nowSeconds, type Section } from '../token-verifier.ts';

export const timeTests: Section = (trial) => {
  const limits: readonly (readonly [what: string, claims: object, later: number, outcome: string])[] = [
    ['less than 10 s after exp', { exp: nowSeconds }, 9_999, 'verified'],
    ['10 s after exp', { exp: nowSeconds }, 10_000, 'refused'],
    ['an exp long past', { exp: 1 }, 0, 'refused'],
    ['an exp in the far future', { exp: Number.MAX_SAFE_INTEGER }, 0, 'verified'],
    ['less than 10 s after an exp with a fraction', { exp: nowSeconds + 0.25 }, 10_249, 'verified'],
    ['10 s after an exp with a fraction', { exp: nowSeconds + 0.25 }, 10_250, 'refused'],
    ['more than 10 s after an exp with a fraction', { exp: nowSeconds + 0.25 }, 10_999, 'refused'],
    ['less than 10 s after an exp with milliseconds', { exp: nowSeconds + 0.001 }, 10_000, 'verified'],
    ['10 s after an exp with milliseconds', { exp: nowSeconds + 0.001 }, 10_001, 'refused'],
    ['less than 10 s after an exp with microseconds', { exp: nowSeconds + 0.000_4 }, 10_000, 'verified'],
    ['10 s after an exp with microseconds', { exp: nowSeconds + 0.000_4 }, 10_001, 'refused'],
    [
      'less than 10 s after an exp just below a whole second',
      { exp: nowSeconds + 0.999_999 },
      10_999,
      'verified',
    ],
    ['10 s after an exp just below a whole second', { exp: nowSeconds + 0.999_999 }, 11_000, 'refused'],
    ['an exp with a fraction, in the future', { exp: nowSeconds + 3600.25 }, 0, 'verified'],
    ['an exp with a fraction, long past', { exp: 0.5 }, 0, 'refused'],
    ['10 s before nbf', { nbf: nowSeconds + 10 }, 0, 'verified'],
    ['more than 10 s before nbf', { nbf: nowSeconds + 11 }, 0, 'refused'],
    ['an nbf long past', { nbf: 0 }, 0, 'verified'],
    ['an nbf before 1970', { nbf: -0.5 }, 0, 'verified'],
    ['an nbf with a fraction, past', { nbf: nowSeconds - 0.5 }, 0, 'verified'],
    ['10 s before an nbf with a fraction', { nbf: nowSeconds + 10.5 }, 500, 'verified'],
    ['more than 10 s before an nbf with a fraction', { nbf: nowSeconds + 10.5 }, 499, 'refused'],
    ['10 s before an nbf with milliseconds', { nbf: nowSeconds + 10.001 }, 1, 'verified'],
    ['more than 10 s before an nbf with milliseconds', { nbf: nowSeconds + 10.001 }, 0, 'refused'],
    ['10 s before iat', { iat: nowSeconds + 10 }, 0, 'verified'],
    ['more than 10 s before iat', { iat: nowSeconds + 11 }, 0, 'refused'],
    ['an iat long past', { iat: 0 }, 0, 'verified'],
    ['an iat before 1970', { iat: -0.5 }, 0, 'verified'],
    ['an iat with a fraction, past', { iat: nowSeconds - 0.5 }, 0, 'verified'],
    ['10 s before an iat with a fraction', { iat: nowSeconds + 10.5 }, 500, 'verified'],
    ['more than 10 s before an iat with a fraction', { iat: nowSeconds + 10.5 }, 499, 'refused'],
    ['10 s before an iat with milliseconds', { iat: nowSeconds + 10.001 }, 1, 'verified'],
    ['more than 10 s before an iat with milliseconds', { iat: nowSeconds + 10.001 }, 0, 'refused'],
    ['no iat', { iat: undefined }, 0, 'verified'],
  ];
  for (const [what, claims, later, outcome] of limits)
    it(`given ${what}: ${outcome}`, async () => {
      expect((await trial().judgeClaims(claims, {}, later)).outcome).to.equal(outcome);
    });

  it('given a token without exp: refused', async () => {
    expect((await trial().judgeClaims({ exp: undefined })).outcome).to.equal('refused');
    expect((await trial().judgeClaims({ exp: null })).outcome).to.equal('refused');
  });

  // `NaN` and `Infinity` are not JSON, so the whole payload is invalid. In quotes they are strings.
  const invalidTimes = [
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
  for (const exp of [...invalidTimes, '-1', '-0', '0', '0.5', '-0.5'])
    it(`given the exp ${exp}: refused`, async () => {
      const token = tokenBy(trial().signer, `{"sub":"user-1","exp":${exp}}`);
      expect((await trial().judge(token)).outcome).to.equal('refused');
    });

  for (const claim of ['nbf', 'iat']) {
    for (const value of invalidTimes)
      it(`given the ${claim} ${value}: refused`, async () => {
        const token = tokenBy(trial().signer, `{"sub":"user-1","exp":1900000000,"${claim}":${value}}`);
        expect((await trial().judge(token)).outcome).to.equal('refused');
      });
    for (const value of ['-1', '-0', '0', '1.5e9', '1500000000.123456789'])
      it(`given the ${claim} ${value}: verified`, async () => {
        const token = tokenBy(trial().signer, `{"sub":"user-1","exp":1.9e9,"${claim}":${value}}`);
        expect((await trial().judge(token)).outcome).to.equal('verified');
      });
  }

  it('given an exp with a fraction: validUntilSeconds keeps the fraction', async () => {
    const verdict = await trial().judgeClaims({ exp: nowSeconds + 3600.25 });
    expect(verdict.outcome === 'verified' && verdict.validUntilSeconds).to.equal(nowSeconds + 3610.25);
  });
};
