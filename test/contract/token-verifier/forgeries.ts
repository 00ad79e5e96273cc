import { expect } from 'chai';
import { base64url, claimsOf, tokenBy } from '../../support/tokens/signers.ts';
import { theTime, type Chapter } from '../token-verifier.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

export const refusesForgeries: Chapter = (trial) => {
  const claims = claimsOf('user-1', theTime);
  const good = (): string => tokenBy(trial().signer, claims);

  const refuses = async (token: string): Promise<void> => {
    const verdict = await trial().judge(token);
    expect(verdict.outcome, token).to.equal('refused');
    expect(verdict)
      .to.have.property('reason')
      .that.matches(/^[\w ,]{1,80}$/);
  };

  it('takes the token that the forgeries below are made of', async () => {
    expect((await trial().judge(good())).outcome).to.equal('verified');
  });

  it("refuses a stranger's signature", () => refuses(tokenBy(trial().stranger, claims)));

  it("refuses a stranger's signature under the header of a good token", async () => {
    const { signer, stranger } = trial();
    await refuses(tokenBy({ header: signer.header, sign: stranger.sign }, claims));
  });

  it('refuses another payload under the signature of a good token', async () => {
    const [header, , signature] = good().split('.');
    await refuses(`${header}.${base64url(JSON.stringify({ ...claims, sub: 'user-2' }))}.${signature}`);
  });

  it('refuses every other last character of the signature, even where it says the same', async () => {
    const token = good();
    for (const character of alphabet)
      if (!token.endsWith(character)) await refuses(token.slice(0, -1) + character);
  });

  for (const suffix of ['=', '==', '.', '.x', ' ', '\n', '%3D', 'A'])
    it(`refuses a signature with ${JSON.stringify(suffix)} behind it`, () => refuses(good() + suffix));

  it('refuses a signature that is cut short, or missing', async () => {
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
    it(`refuses an alg of ${JSON.stringify(alg)}, signed or not`, async () => {
      const token = tokenBy(trial().signer, claims, { alg });
      await refuses(token);
      await refuses(token.slice(0, token.lastIndexOf('.') + 1));
    });

  for (const [what, header] of [
    ['an extension it does not know', { crit: ['exp'], exp: 1 }],
    ['an extension that is not there', { crit: ['b64'] }],
    ['an empty list of extensions', { crit: [] }],
    ['extensions that are no list', { crit: 'b64', b64: true }],
    ['a payload that is not encoded', { crit: ['b64'], b64: false }],
  ] as const)
    it(`refuses ${what}`, () => refuses(tokenBy(trial().signer, claims, header)));

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
    it(`refuses ${JSON.stringify(text)}`, () => refuses(text));

  it('refuses what is no JSON object', async () => {
    for (const payload of ['', 'null', '[]', '"user-1"', '{"sub":"user-1"', '\u00ff'])
      await refuses(tokenBy(trial().signer, payload));
    for (const header of ['', 'null', '[]', '"HS256"', '{"alg":"HS256"'])
      await refuses(tokenBy(trial().signer, claims, header));
  });

  it('refuses an encrypted token', async () => {
    const header = base64url(JSON.stringify({ alg: 'dir', enc: 'A256GCM' }));
    await refuses(`${header}..${base64url('iv')}.${base64url('text')}.${base64url('tag')}`);
    await refuses(`${header}.${good().split('.').slice(1).join('.')}`);
  });
};
