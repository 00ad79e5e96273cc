/** The one algorithm of a shared secret (RFC 7518, section 3.2). */
export const secretAlgorithm = 'HS256';

/** The algorithms of a key pair (RFC 7518, sections 3.3 to 3.5; RFC 8037; RFC 9864). */
export const keyPairAlgorithms = [
  'EdDSA',
  'Ed25519',
  'ES256',
  'ES384',
  'ES512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
] as const;

export type KeyPairAlgorithm = (typeof keyPairAlgorithms)[number];
