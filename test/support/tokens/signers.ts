import {
  constants,
  createHmac,
  generateKeyPairSync,
  sign,
  type JsonWebKey,
  type KeyObject,
  type SignKeyObjectInput,
} from 'node:crypto';
import { testSecret } from './tokens.ts';

/** Signs tokens with `node:crypto`, so that tokens and their verification do not come from the same library. */
export interface Signer {
  /** The header of its tokens. */
  readonly header: Readonly<Record<string, unknown>>;
  readonly sign: (input: string) => Buffer;
}

/** A signer with a private key; its public key belongs in the key set of the issuer. */
export interface KeyPairSigner extends Signer {
  readonly kid: string;
  readonly jwk: JsonWebKey;
  readonly publicKey: KeyObject;
}

type HmacAlgorithm = 'HS256' | 'HS384' | 'HS512';

export const secretSigner = (secret: string | Buffer = testSecret, alg: HmacAlgorithm = 'HS256'): Signer => ({
  header: { alg, typ: 'JWT' },
  sign: (input) =>
    createHmac(`sha${alg.slice(2)}`, secret)
      .update(input)
      .digest(),
});

const kinds = {
  EdDSA: { make: () => generateKeyPairSync('ed25519'), hash: null, options: {} },
  Ed25519: { make: () => generateKeyPairSync('ed25519'), hash: null, options: {} },
  ES256: ecdsa('P-256', 'sha256'),
  ES384: ecdsa('P-384', 'sha384'),
  ES512: ecdsa('P-521', 'sha512'),
  RS256: rsa('sha256', {}),
  RS384: rsa('sha384', {}),
  RS512: rsa('sha512', {}),
  PS256: rsa('sha256', { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
  PS384: rsa('sha384', { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 48 }),
  PS512: rsa('sha512', { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 64 }),
} as const;

export type KeyPairAlgorithm = keyof typeof kinds;

let keyPairs = 0;

/** A signer with a new key pair and a unique `kid`. */
export const keyPairSigner = (alg: KeyPairAlgorithm = 'EdDSA', bits = 2048): KeyPairSigner => {
  const { make, hash, options } = kinds[alg];
  const { publicKey, privateKey } = make(bits);
  const kid = `key-${(keyPairs += 1)}`;
  return {
    header: { alg, kid, typ: 'JWT' },
    kid,
    publicKey,
    jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' },
    sign: (input) => sign(hash, Buffer.from(input), { key: privateKey, ...options }),
  };
};

/** A signed token. A payload of type string is used unchanged; members of `header` override those of the signer. */
export const tokenBy = (
  signer: Signer,
  payload: object | string,
  header: Readonly<Record<string, unknown>> | string = {},
): string => {
  const head = typeof header === 'string' ? header : JSON.stringify({ ...signer.header, ...header });
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const input = `${base64url(head)}.${base64url(body)}`;
  return `${input}.${signer.sign(input).toString('base64url')}`;
};

export const base64url = (text: string): string => Buffer.from(text).toString('base64url');

/** Claims of a valid token for this user; times in seconds since 1970. */
export const claimsOf = (user: string, now = Math.floor(Date.now() / 1000)) => ({
  sub: user,
  iat: now,
  exp: now + 3600,
});

function ecdsa(namedCurve: string, hash: string) {
  const options: Partial<SignKeyObjectInput> = { dsaEncoding: 'ieee-p1363' };
  return { make: () => generateKeyPairSync('ec', { namedCurve }), hash, options };
}

function rsa(hash: string, options: Partial<SignKeyObjectInput>) {
  return {
    make: (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength }),
    hash,
    options,
  };
}
