import { fetchKeys } from '../../../src/infrastructure/jose/fetch-keys.ts';
import { jwksVerifier } from '../../../src/infrastructure/jose/jwks-verifier.ts';
import { respondWithText, startIssuer, type Issuer } from '../../support/tokens/issuer.ts';
import { itReadsInLinearTime, type Input } from '../../support/linear-reader.ts';
import { claimsOf, keyPairSigner, tokenBy } from '../../support/tokens/signers.ts';

const signer = keyPairSigner();
const token = tokenBy(signer, claimsOf('user-1'), { kid: undefined });

const keys = (size: number, more: object): string =>
  JSON.stringify({ keys: Array.from({ length: Math.ceil(size / 128) }, () => ({ ...signer.jwk, ...more })) });

const sets: Readonly<Record<string, Input<string>>> = {
  'many keys': (size) => keys(size, {}),
  'many keys that are numbers': (size) =>
    JSON.stringify({ keys: Array<number>(Math.ceil(size / 2)).fill(1) }),
  'a key with a long kid': (size) => JSON.stringify({ keys: [{ ...signer.jwk, kid: 'a'.repeat(size) }] }),
  'a key with long numbers': (size) =>
    JSON.stringify({ keys: [{ kty: 'RSA', e: 'AQAB', n: 'a'.repeat(size) }] }),
  'a key with many operations': (size) =>
    JSON.stringify({ keys: [{ ...signer.jwk, key_ops: Array<string>(Math.ceil(size / 9)).fill('verify') }] }),
  'arrays in arrays': (size) => `{"keys":${'['.repeat(size / 2)}${']'.repeat(size / 2)}}`,
};

describe('the key set of an issuer is read in linear time', () => {
  let issuer: Issuer;
  before(async () => {
    issuer = await startIssuer();
  });
  after(() => issuer[Symbol.asyncDispose]());

  const fetched = (text: string) => {
    issuer.respond = respondWithText(text);
    return fetchKeys(issuer.url, 5_000);
  };
  const verified = (text: string) => {
    issuer.respond = respondWithText(text);
    const { url } = issuer;
    const rules = { algorithms: ['EdDSA'], userIdClaims: ['sub'], failed: () => undefined } as const;
    return jwksVerifier({ url, ...rules }).verify(token);
  };

  itReadsInLinearTime('given the response', fetched, sets);
  itReadsInLinearTime('given the keys and a token without kid', verified, sets, {
    sizes: [256, 1_024, 4_096, 16_384],
  });
});
