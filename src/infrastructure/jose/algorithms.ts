/** The only algorithm for a shared secret (RFC 7518, section 3.2). */
export const secretAlgorithm = 'HS256';

/** The algorithms for key pairs (RFC 7518, sections 3.3 to 3.5; RFC 8037; RFC 9864). */
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

const ed25519Names: readonly unknown[] = ['EdDSA', 'Ed25519'];

/**
 * Whether `alg` names the signature algorithm of Ed25519 keys: `EdDSA` (RFC 8037), whose other curve, Ed448, is not
 * supported here, and `Ed25519` (RFC 9864) are two names of it.
 */
export const isEd25519Name = (alg: unknown): boolean => ed25519Names.includes(alg);

/** The `alg` values that these algorithms allow in a token: allowing `EdDSA` allows `Ed25519`, which is a part of it. */
export const allowedNames = (algorithms: readonly string[]): readonly string[] =>
  algorithms.includes('EdDSA') ? [...algorithms, 'Ed25519'] : algorithms;
