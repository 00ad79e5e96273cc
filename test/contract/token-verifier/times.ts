import { expect } from 'chai';
import { tokenBy } from '../../support/signers.ts';
import { theTime, type Chapter } from '../token-verifier.ts';

export const knowsTimes: Chapter = (trial) => {
  const limits: readonly (readonly [what: string, claims: object, later: number, outcome: string])[] = [
    ['exp, up to 10 s after it', { exp: theTime }, 9_999, 'verified'],
    ['exp, 10 s after it', { exp: theTime }, 10_000, 'refused'],
    ['exp, long after it', { exp: 1 }, 0, 'refused'],
    ['exp, far ahead', { exp: Number.MAX_SAFE_INTEGER }, 0, 'verified'],
    ['nbf, 10 s before it', { nbf: theTime + 10 }, 0, 'verified'],
    ['nbf, more than 10 s before it', { nbf: theTime + 11 }, 0, 'refused'],
    ['nbf, long past', { nbf: 0 }, 0, 'verified'],
    ['nbf with a fraction', { nbf: theTime - 0.5 }, 0, 'verified'],
    ['iat, 10 s before it', { iat: theTime + 10 }, 0, 'verified'],
    ['iat, more than 10 s before it', { iat: theTime + 11 }, 0, 'refused'],
    ['iat, long past', { iat: 0 }, 0, 'verified'],
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

  const absurd = [
    '"1900000000"',
    '1e300',
    '1e999',
    '-1',
    '-1e999',
    '1900000000.5',
    'true',
    '{}',
    '[1900000000]',
  ];
  for (const exp of absurd)
    it(`refuses an exp of ${exp}`, async () => {
      const token = tokenBy(trial().signer, `{"sub":"user-1","exp":${exp}}`);
      expect((await trial().judge(token)).outcome).to.equal('refused');
    });

  for (const claim of ['nbf', 'iat'])
    for (const value of ['"1"', '1e999', '-1e999', 'null', 'true', '{}', '[1]'])
      it(`refuses an ${claim} of ${value}`, async () => {
        const token = tokenBy(trial().signer, `{"sub":"user-1","exp":1900000000,"${claim}":${value}}`);
        expect((await trial().judge(token)).outcome).to.equal('refused');
      });
};
