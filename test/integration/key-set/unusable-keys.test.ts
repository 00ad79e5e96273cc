import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import { startKeySetTest } from '../../support/tokens/key-set.ts';
import { respondWithText } from '../../support/tokens/issuer.ts';
import { keyPairSigner } from '../../support/tokens/signers.ts';

describe('JWKS with keys that cannot be used', () => {
  const [signer, short] = [keyPairSigner('RS256'), keyPairSigner('RS256', 1024)];
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

  for (const [what, unusable] of [
    ['an RSA key of 1024 bits', short.jwk],
    ['an RSA key without values', { kty: 'RSA' }],
    ['an RSA key with a modulus that is no base64url', { kty: 'RSA', n: '!!', e: 'AQAB' }],
    ['an RSA key whose values are numbers', { kty: 'RSA', n: 1, e: 2 }],
    ['an RSA key with an even exponent', { ...short.jwk, e: 'AAAC' }],
    ['a private key', privateKey.export({ format: 'jwk' })],
  ] as const)
    it(`given ${what} before or behind a good key: tokens of the good key are verified`, async () => {
      for (const kid of [undefined, 'same']) {
        const keys = [unusable, signer.jwk].map((key) => ({ ...key, kid }));
        for (const published of [keys, keys.toReversed()]) {
          await using trial = await startKeySetTest([]);
          trial.issuer.respond = respondWithText(JSON.stringify({ keys: published }));
          expect(await trial.outcome(signer, { kid })).to.equal('verified');
          expect(await trial.outcome(short, { kid })).to.equal('refused');
        }
      }
    });

  for (const member of ['alg', 'use', 'key_ops', 'kid', 'ext', 'x5c'])
    it(`given a key whose ${member} is null: as without it`, async () => {
      const key = { ...signer.jwk, [member]: null };
      await using trial = await startKeySetTest([]);
      trial.issuer.respond = respondWithText(JSON.stringify({ keys: [key] }));
      expect(await trial.outcome(signer, { kid: undefined })).to.equal('verified');
      expect(await trial.outcome(keyPairSigner('RS256'), { kid: undefined })).to.equal('refused');
    });
});
