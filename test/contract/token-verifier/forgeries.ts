import { expect } from 'chai';
import { base64url, claimsOf, tokenBy } from '../../support/tokens/signers.ts';
import { nowSeconds, type Section } from '../token-verifier.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

export const forgeryTests: Section = (trial) => {
  const claims = claimsOf('user-1', nowSeconds);
  const good = (): string => tokenBy(trial().signer, claims);

  const refuses = async (token: string): Promise<void> => {
    const verdict = await trial().judge(token);
    expect(verdict.outcome, token).to.equal('refused');
    expect(verdict)
      .to.have.property('reason')
      .that.matches(/^[\w ,]{1,80}$/);
  };

  it('given the valid token that the forgeries are made from: verified', async () => {
    expect((await trial().judge(good())).outcome).to.equal('verified');
  });

  it("given a stranger's signature: refused", () => refuses(tokenBy(trial().stranger, claims)));

  it("given a stranger's signature and the header of a valid token: refused", async () => {
    const { signer, stranger } = trial();
    await refuses(tokenBy({ header: signer.header, sign: stranger.sign }, claims));
  });

  it('given another payload and the signature of a valid token: refused', async () => {
    const [header, , signature] = good().split('.');
    await refuses(`${header}.${base64url(JSON.stringify({ ...claims, sub: 'user-2' }))}.${signature}`);
  });

  it('given another last character of the signature, even with the same decoded bytes: refused', async () => {
    const token = good();
    for (const character of alphabet)
      if (!token.endsWith(character)) await refuses(token.slice(0, -1) + character);
  });

  for (const suffix of ['=', '==', '.', '.x', ' ', '\n', '%3D', 'A'])
    it(`given ${JSON.stringify(suffix)} after the signature: refused`, () => refuses(good() + suffix));

  it('given a truncated or missing signature: refused', async () => {
    const token = good();
    await refuses(token.slice(0, -1));
    await refuses(token.slice(0, -4));
    await refuses(token.slice(0, token.lastIndexOf('.') + 1));
    await refuses(token.slice(0, token.lastIndexOf('.')));
  });

  for (const alg of [
    'none',
    'None',
    'NONE',
    'nOnE',
    '',
    'HS384',
    'HS512',
    'hs256',
    'eddsa',
    'RS1',
    'dir',
    null,
    1,
    {},
    undefined,
  ])
    it(`given the alg ${JSON.stringify(alg)}, with and without a signature: refused`, async () => {
      const token = tokenBy(trial().signer, claims, { alg });
      await refuses(token);
      await refuses(token.slice(0, token.lastIndexOf('.') + 1));
    });

  for (const [what, header] of [
    ['an unknown critical extension', { crit: ['exp'], exp: 1 }],
    ['a critical extension without its member', { crit: ['b64'] }],
    ['an empty crit', { crit: [] }],
    ['a crit that is not a list', { crit: 'b64', b64: true }],
    ['an unencoded payload (b64)', { crit: ['b64'], b64: false }],
  ] as const)
    it(`given ${what}: refused`, () => refuses(tokenBy(trial().signer, claims, header)));

  for (const text of [
    '',
    '.',
    '..',
    '...',
    'a.b',
    'a.b.c',
    'a.b.c.d.e',
    'null',
    '{}',
    '🦊.🦊.🦊',
    '\0',
    '[object Object]',
  ])
    it(`given ${JSON.stringify(text)}: refused`, () => refuses(text));

  it('given a payload or header that is not a JSON object: refused', async () => {
    for (const payload of ['', 'null', '[]', '"user-1"', '{"sub":"user-1"', '\u00ff'])
      await refuses(tokenBy(trial().signer, payload));
    for (const header of ['', 'null', '[]', '"HS256"', '{"alg":"HS256"'])
      await refuses(tokenBy(trial().signer, claims, header));
  });

  it('given an encrypted token: refused', async () => {
    const header = base64url(JSON.stringify({ alg: 'dir', enc: 'A256GCM' }));
    await refuses(`${header}..${base64url('iv')}.${base64url('text')}.${base64url('tag')}`);
    await refuses(`${header}.${good().split('.').slice(1).join('.')}`);
  });
};
