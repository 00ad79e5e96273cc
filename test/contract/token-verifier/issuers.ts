import { expect } from 'chai';
import type { Section } from '../token-verifier.ts';

export const issuerTests: Section = (trial) => {
  const rules = { issuer: 'https://issuer.example.org/', audience: 'taskhold' };
  const good = { iss: rules.issuer, aud: rules.audience };

  it('given no required issuer and audience: accepts any', async () => {
    for (const claims of [{}, good, { iss: 'x', aud: ['y'] }])
      expect((await trial().judgeClaims(claims)).outcome).to.equal('verified');
  });

  for (const [what, claims] of [
    ['one audience', good],
    ['several audiences', { ...good, aud: ['other', rules.audience] }],
  ] as const)
    it(`given the required issuer with ${what}: verified`, async () => {
      expect((await trial().judgeClaims(claims, rules)).outcome).to.equal('verified');
    });

  for (const [what, claims] of [
    ['no issuer', { iss: undefined }],
    ['another issuer', { iss: 'https://issuer.example.org' }],
    ['an issuer in other case', { iss: 'https://ISSUER.example.org/' }],
    ['an array of issuers', { iss: [rules.issuer] }],
    ['no audience', { aud: undefined }],
    ['another audience', { aud: 'other' }],
    ['a longer audience', { aud: 'taskhold-admin' }],
    ['an array of other audiences', { aud: ['other', 'taskhold '] }],
    ['an empty array of audiences', { aud: [] }],
    ['an array in an array of audiences', { aud: [[rules.audience]] }],
    ['an object for an audience', { aud: { [rules.audience]: true } }],
  ] as const)
    it(`given ${what}: refused`, async () => {
      expect((await trial().judgeClaims({ ...good, ...claims }, rules)).outcome).to.equal('refused');
    });
};
