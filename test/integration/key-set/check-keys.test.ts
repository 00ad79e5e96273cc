import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { expect } from 'chai';
import { keyPairAlgorithms } from '../../../src/infrastructure/jose/algorithms.ts';
import { checkKeys } from '../../../src/bootstrap/check-services.ts';
import { startIssuer } from '../../support/tokens/issuer.ts';
import { keyPairSigner } from '../../support/tokens/signers.ts';

describe('checkKeys', () => {
  const check = async (keys: readonly JsonWebKey[], algorithms?: readonly string[]) => {
    await using issuer = await startIssuer(...keys);
    return await checkKeys({ tokens: { keySetUrl: issuer.url, algorithms } });
  };
  const found = (...notes: readonly string[]) => ({ notes, failures: [], refusals: [] });
  const failed = (failure: string) => ({ notes: [], failures: [failure], refusals: [] });

  const { jwk } = keyPairSigner('RS256');
  const { privateKey } = generateKeyPairSync('ed25519');
  const unusable = [
    ['for encryption', { ...jwk, use: 'enc' }, 'for another use than signatures (use)'],
    ['for signing alone', { ...jwk, key_ops: ['sign'] }, 'not for verifying (key_ops)'],
    [
      'that is private',
      privateKey.export({ format: 'jwk' }),
      'a private key, which must never be published: replace it',
    ],
    [
      'that is symmetric',
      { kty: 'oct', k: 'AAAA' },
      'a shared secret, which must never be published: replace it',
    ],
    ['of 1024 bits', keyPairSigner('RS256', 1024).jwk, 'an RSA key of less than 2048 bits'],
    ['with invalid coordinates', { kty: 'OKP', crv: 'Ed25519', x: 'AAAA' }, 'with invalid values'],
    ['without values', { kty: 'RSA' }, 'with invalid values'],
    [
      'for key agreement',
      { kty: 'OKP', crv: 'X25519', x: 'AAAA' },
      'for an algorithm that is not supported or not in JWT_ALGORITHMS (kty, crv, alg)',
    ],
    [
      'of an unknown type',
      { kty: 'new' },
      'for an algorithm that is not supported or not in JWT_ALGORITHMS (kty, crv, alg)',
    ],
  ] as const;
  for (const [what, key, reason] of unusable)
    it(`given a key ${what}: fails with the reason, and is a note beside a usable key`, async () => {
      expect(await check([key])).to.deep.equal(
        failed(`The key set of JWKS_URL has no usable key. 1 key is not used: ${reason}`),
      );
      expect(await check([key, jwk, key])).to.deep.equal(
        found('The key set of JWKS_URL has 1 usable key.', `2 keys are not used: ${reason}.`),
      );
    });

  for (const alg of keyPairAlgorithms)
    it(`given a key of ${alg}: usable, with and without its alg, and not with other algorithms allowed`, async () => {
      const { jwk: key } = keyPairSigner(alg);
      const bare = { ...key, alg: undefined, use: undefined };
      for (const algorithms of [undefined, [alg], ['HS256', alg]])
        expect(await check([key, bare], algorithms)).to.deep.equal(
          found('The key set of JWKS_URL has 2 usable keys.'),
        );
      const others = keyPairAlgorithms.filter((name) => name.slice(0, 2) !== alg.slice(0, 2));
      expect((await check([key], others)).failures).to.have.length(1);
    });

  it('given a key for RS512 where RS256 alone is allowed: fails', async () => {
    expect((await check([{ ...jwk, alg: 'RS512' }], ['RS256'])).failures.join()).to.include('JWT_ALGORITHMS');
  });

  it('given no keys: fails', async () => {
    expect(await check([])).to.deep.equal(failed('The key set of JWKS_URL has no keys'));
  });
});
