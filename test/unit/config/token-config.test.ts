import { expect } from 'chai';
import { ConfigError, loadConfig } from '../../../src/config/config.ts';

const secret = { BETTER_AUTH_SECRET: 'a secret of a little more than 32 bytes' };
const keySet = { JWKS_URL: 'https://issuer.example.org/.well-known/jwks.json' };
const production = { NODE_ENV: 'production', DATABASE_URL: 'postgres://db.example.org/taskhold' };

const problems = (environment: NodeJS.ProcessEnv): readonly string[] => {
  try {
    loadConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
};

describe('the configuration of tokens', () => {
  for (const [what, environment] of [
    ['nothing', {}],
    ['a secret', secret],
    ['a key set', keySet],
    ['both', { ...secret, ...keySet }],
    ['a secret and its algorithm', { ...secret, JWT_ALGORITHMS: 'HS256' }],
    ['a key set and algorithms of its own', { ...keySet, JWT_ALGORITHMS: ' EdDSA, RS256,' }],
    ['both and algorithms of both', { ...secret, ...keySet, JWT_ALGORITHMS: 'ES256,HS256' }],
    ['nothing and the algorithm of the secret that is made', { JWT_ALGORITHMS: 'HS256' }],
    ['a key set on this machine', { JWKS_URL: 'http://localhost:3000/api/auth/jwks' }],
    ['a secret in production', { ...production, ...secret }],
    ['a key set in production', { ...production, ...keySet }],
    ['a key set on this machine, in production', { ...production, JWKS_URL: 'http://127.0.0.1:3000/jwks' }],
    ['the same by IPv6', { ...production, JWKS_URL: 'http://[::1]:3000/jwks' }],
    ['the same by name', { ...production, JWKS_URL: 'http://localhost/jwks' }],
  ] as const)
    it(`can be ${what}`, () => {
      expect(problems(environment)).to.deep.equal([]);
    });

  const known = 'HS256, EdDSA, Ed25519, ES256, ES384, ES512, RS256, RS384, RS512, PS256, PS384, PS512';
  const unknown = `JWT_ALGORITHMS must name some of ${known}`;
  const unsafe = 'JWKS_URL must be https in production, unless it is on this machine';
  for (const [what, environment, problem] of [
    ['nothing in production', production, 'BETTER_AUTH_SECRET or JWKS_URL is required in production'],
    [
      'a short secret',
      { BETTER_AUTH_SECRET: 'x'.repeat(31) },
      'BETTER_AUTH_SECRET must have at least 32 bytes (openssl rand -base64 32 makes one)',
    ],
    ['a key set at no URL', { JWKS_URL: 'issuer.example.org' }, 'JWKS_URL must be an http(s) URL'],
    ['a key set in a file', { JWKS_URL: 'file:///etc/passwd' }, 'JWKS_URL must be an http(s) URL'],
    [
      'a key set behind a password',
      { JWKS_URL: 'https://a:b@example.org/' },
      'JWKS_URL must not have a user name or password in it',
    ],
    [
      'a key set in the clear, in production',
      { ...production, JWKS_URL: 'http://issuer.example.org/jwks' },
      unsafe,
    ],
    [
      'one at a name that only looks like this machine',
      { ...production, JWKS_URL: 'http://localhost.example.org/jwks' },
      unsafe,
    ],
    [
      'one at a number that only looks like this machine',
      { ...production, JWKS_URL: 'http://127.0.0.1.example.org/jwks' },
      unsafe,
    ],
    ['no algorithm', { ...secret, JWT_ALGORITHMS: ',' }, unknown],
    ['none for an algorithm', { ...secret, JWT_ALGORITHMS: 'HS256,none' }, unknown],
    ['another HMAC', { ...secret, JWT_ALGORITHMS: 'HS512' }, unknown],
    ['an algorithm in other letters', { ...secret, JWT_ALGORITHMS: 'hs256' }, unknown],
    [
      'an algorithm for a key set that is not there',
      { ...secret, JWT_ALGORITHMS: 'HS256,ES256' },
      'JWT_ALGORITHMS must be HS256 alone without a JWKS_URL',
    ],
    [
      'no algorithm for the key set',
      { ...secret, ...keySet, JWT_ALGORITHMS: 'HS256' },
      'JWT_ALGORITHMS must name an algorithm besides HS256 for JWKS_URL',
    ],
    [
      'no algorithm for the secret',
      { ...secret, ...keySet, JWT_ALGORITHMS: 'ES256' },
      'JWT_ALGORITHMS must name HS256 for BETTER_AUTH_SECRET',
    ],
    [
      'an algorithm for a secret that is not there',
      { ...keySet, JWT_ALGORITHMS: 'HS256,ES256' },
      'JWT_ALGORITHMS must not name HS256 without a BETTER_AUTH_SECRET',
    ],
  ] as const)
    it(`cannot be ${what}`, () => {
      expect(problems(environment)).to.deep.equal([problem]);
    });

  it('is told of together with whatever else is wrong', () => {
    expect(problems({ NODE_ENV: 'production', PORT: 'x', JWT_ALGORITHMS: 'x' })).to.have.members([
      'PORT must be a whole number from 0 to 65535',
      unknown,
      'BETTER_AUTH_SECRET or JWKS_URL is required in production',
      'DATABASE_URL is required in production',
    ]);
  });
});
