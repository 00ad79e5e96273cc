import { expect } from 'chai';
import { theTime, type Chapter } from '../token-verifier.ts';

export const namesUsers: Chapter = (trial) => {
  it('tells who it is, and until when', async () => {
    const claims = { email: 'ada@example.org', name: 'Ada Lovelace' };
    expect(await trial().judgeClaims(claims)).to.deep.equal({
      outcome: 'verified',
      owner: { id: 'user-1', email: 'ada@example.org', displayName: 'Ada Lovelace' },
      validUntilSeconds: theTime + 3600 + 10,
    });
  });

  const decisions: readonly (readonly [what: string, claims: object, id: string])[] = [
    ['user_id before sub', { user_id: 'a', sub: 'b', id: 'c' }, 'a'],
    ['sub before id', { sub: 'b', id: 'c' }, 'b'],
    ['id alone', { sub: undefined, id: 'c' }, 'c'],
    ['what is behind a null', { user_id: null, sub: null, id: 'c' }, 'c'],
    ['one character', { sub: 'x' }, 'x'],
    ['255 characters outside of the basic plane', { sub: '🦊'.repeat(255) }, '🦊'.repeat(255)],
    ['spaces and signs', { sub: ' auth0|507f1f77/..%2e ' }, ' auth0|507f1f77/..%2e '],
  ];
  for (const [what, claims, id] of decisions)
    it(`takes ${what}`, async () => {
      const verdict = await trial().judgeClaims(claims);
      expect(verdict.outcome === 'verified' && verdict.owner.id).to.equal(id);
    });

  it('takes the claims it is told to, in their order, and no others', async () => {
    const userIdClaims = ['https://example.org/id', 'uid'];
    const named = await trial().judgeClaims({ uid: 'u', 'https://example.org/id': 'x' }, { userIdClaims });
    expect(named.outcome === 'verified' && named.owner.id).to.equal('x');
    const unnamed = await trial().judgeClaims({ sub: 'u', user_id: 'u' }, { userIdClaims });
    expect(unnamed.outcome).to.equal('refused');
  });

  const refused: readonly (readonly [what: string, id: unknown])[] = [
    ['a number', 41],
    ['zero', 0],
    ['false', false],
    ['an object', { id: 'user-1' }],
    ['an array', ['user-1']],
    ['nothing', ''],
    ['256 characters', 'x'.repeat(256)],
    ['a trailing newline', 'user-1\n'],
    ['U+0000', 'user-1\0'],
    ['a C0 control', 'user\u001b-1'],
    ['DEL', 'user-1\u007f'],
    ['DEL alone', '\u007f'],
    ['a C1 control', 'user-1\u0085'],
    ['a high surrogate alone', 'user-1\ud800'],
    ['a low surrogate alone', '\udc00user-1'],
    ['a surrogate pair in the wrong order', '\ude0a\ud83d'],
  ];
  for (const [what, id] of refused) {
    it(`refuses a user that is ${what}`, async () => {
      expect((await trial().judgeClaims({ sub: id })).outcome).to.equal('refused');
    });
    it(`refuses it before a good one: ${what}`, async () => {
      expect((await trial().judgeClaims({ user_id: id })).outcome).to.equal('refused');
    });
  }

  it('refuses a token without a user', async () => {
    expect((await trial().judgeClaims({ sub: undefined })).outcome).to.equal('refused');
    expect((await trial().judgeClaims({ sub: null })).outcome).to.equal('refused');
  });

  for (const [what, value] of [
    ['a number', 1],
    ['nothing', ''],
    ['an object', {}],
    ['U+0000', 'a\0b'],
    ['half of a surrogate pair', 'a\udc00'],
    ['321 characters', 'x'.repeat(321)],
  ] as const)
    it(`leaves out a profile that is ${what}, and takes the token all the same`, async () => {
      const verdict = await trial().judgeClaims({ email: value, name: value });
      expect(verdict.outcome === 'verified' && verdict.owner).to.deep.equal({
        id: 'user-1',
        email: null,
        displayName: null,
      });
    });

  it('takes a profile of 320 characters', async () => {
    const verdict = await trial().judgeClaims({ email: 'x'.repeat(320), name: 'y'.repeat(320) });
    expect(verdict.outcome === 'verified' && verdict.owner).to.include({
      email: 'x'.repeat(320),
      displayName: 'y'.repeat(320),
    });
  });
};
