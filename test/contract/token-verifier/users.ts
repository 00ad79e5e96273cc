import { expect } from 'chai';
import { nowSeconds, type Section } from '../token-verifier.ts';

export const userTests: Section = (trial) => {
  it('given a valid token: returns the user, the profile, the permissions and the end of validity', async () => {
    const claims = { email: 'ada@example.org', name: 'Ada Lovelace' };
    expect(await trial().judgeClaims(claims)).to.deep.equal({
      outcome: 'verified',
      user: { id: 'user-1', email: 'ada@example.org', displayName: 'Ada Lovelace' },
      permissions: { read: true, write: true },
      validUntilSeconds: nowSeconds + 3600 + 10,
    });
  });

  const decisions: readonly (readonly [what: string, claims: object, id: string])[] = [
    ['user_id, sub and id', { user_id: 'a', sub: 'b', id: 'c' }, 'a'],
    ['sub and id', { sub: 'b', id: 'c' }, 'b'],
    ['id alone', { sub: undefined, id: 'c' }, 'c'],
    ['null claims before id', { user_id: null, sub: null, id: 'c' }, 'c'],
    ['one character', { sub: 'x' }, 'x'],
    ['255 characters outside of the Basic Multilingual Plane', { sub: '🦊'.repeat(255) }, '🦊'.repeat(255)],
    ['spaces and signs', { sub: ' auth0|507f1f77/..%2e ' }, ' auth0|507f1f77/..%2e '],
  ];
  for (const [what, claims, id] of decisions)
    it(`given ${what}: the user is ${JSON.stringify(id.slice(0, 32))}`, async () => {
      const verdict = await trial().judgeClaims(claims);
      expect(verdict.outcome === 'verified' && verdict.user.id).to.equal(id);
    });

  it('given configured claims: uses them in their order, and no others', async () => {
    const userIdClaims = ['https://example.org/id', 'uid'];
    const configured = await trial().judgeClaims(
      { uid: 'u', 'https://example.org/id': 'x' },
      { userIdClaims },
    );
    expect(configured.outcome === 'verified' && configured.user.id).to.equal('x');
    const others = await trial().judgeClaims({ sub: 'u', user_id: 'u' }, { userIdClaims });
    expect(others.outcome).to.equal('refused');
  });

  const refused: readonly (readonly [what: string, id: unknown])[] = [
    ['a number', 41],
    ['zero', 0],
    ['false', false],
    ['an object', { id: 'user-1' }],
    ['an array', ['user-1']],
    ['an empty string', ''],
    ['256 characters', 'x'.repeat(256)],
    ['a text with a trailing newline', 'user-1\n'],
    ['a text with U+0000', 'user-1\0'],
    ['a text with a C0 control', 'user\u001b-1'],
    ['a text with DEL', 'user-1\u007f'],
    ['DEL alone', '\u007f'],
    ['a text with a C1 control', 'user-1\u0085'],
    ['a text with a lone high surrogate', 'user-1\ud800'],
    ['a text with a lone low surrogate', '\udc00user-1'],
    ['a text with a surrogate pair in the wrong order', '\ude0a\ud83d'],
  ];
  for (const [what, id] of refused) {
    it(`given ${what} as user id: refused`, async () => {
      expect((await trial().judgeClaims({ sub: id })).outcome).to.equal('refused');
    });
    it(`given ${what} as user_id, and a valid sub: refused`, async () => {
      expect((await trial().judgeClaims({ user_id: id })).outcome).to.equal('refused');
    });
  }

  it('given a token without a user: refused', async () => {
    expect((await trial().judgeClaims({ sub: undefined })).outcome).to.equal('refused');
    expect((await trial().judgeClaims({ sub: null })).outcome).to.equal('refused');
  });

  for (const [what, value] of [
    ['a number', 1],
    ['an empty string', ''],
    ['an object', {}],
    ['a text with U+0000', 'a\0b'],
    ['a text with a lone surrogate', 'a\udc00'],
    ['321 characters', 'x'.repeat(321)],
  ] as const)
    it(`given ${what} as email and name: verified without a profile`, async () => {
      const verdict = await trial().judgeClaims({ email: value, name: value });
      expect(verdict.outcome === 'verified' && verdict.user).to.deep.equal({
        id: 'user-1',
        email: null,
        displayName: null,
      });
    });

  it('given an email and a name of 320 characters: keeps them', async () => {
    const verdict = await trial().judgeClaims({ email: 'x'.repeat(320), name: 'y'.repeat(320) });
    expect(verdict.outcome === 'verified' && verdict.user).to.include({
      email: 'x'.repeat(320),
      displayName: 'y'.repeat(320),
    });
  });
};
