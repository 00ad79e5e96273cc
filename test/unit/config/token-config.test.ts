import { expect } from 'chai';
import { problemsOf } from '../../support/config-problems.ts';

const secret = { BETTER_AUTH_SECRET: 'a secret of a little more than 32 bytes' };
const keySet = { JWKS_URL: 'https://issuer.example.org/.well-known/jwks.json' };
const production = { NODE_ENV: 'production', DATABASE_URL: 'postgres://db.example.org/taskhold' };

describe('token configuration', () => {
  for (const [what, environment] of [
    ['no variable', {}],
    ['a secret', secret],
    ['a key set', keySet],
    ['a secret and a key set', { ...secret, ...keySet }],
    ['a secret and its algorithm', { ...secret, JWT_ALGORITHMS: 'HS256' }],
    ['a key set and its algorithms', { ...keySet, JWT_ALGORITHMS: ' EdDSA, RS256,' }],
    ['a secret, a key set and algorithms of both', { ...secret, ...keySet, JWT_ALGORITHMS: 'ES256,HS256' }],
    ['no secret and the algorithm of the generated secret', { JWT_ALGORITHMS: 'HS256' }],
    ['a key set on this machine', { JWKS_URL: 'http://localhost:3000/api/auth/jwks' }],
    ['a secret in production', { ...production, ...secret }],
    ['a key set in production', { ...production, ...keySet }],
    ['a key set on this machine, in production', { ...production, JWKS_URL: 'http://127.0.0.1:3000/jwks' }],
    ['a key set at the IPv6 loopback, in production', { ...production, JWKS_URL: 'http://[::1]:3000/jwks' }],
    ['a key set at localhost, in production', { ...production, JWKS_URL: 'http://localhost/jwks' }],
  ] as const)
    it(`given ${what}: accepted`, () => {
      expect(problemsOf(environment)).to.deep.equal([]);
    });

  const known = 'HS256, EdDSA, Ed25519, ES256, ES384, ES512, RS256, RS384, RS512, PS256, PS384, PS512';
  const unknown = `JWT_ALGORITHMS must name some of ${known}`;
  const unsafe = 'JWKS_URL must be https in production, unless it is on this machine';
  for (const [what, environment, problem] of [
    [
      'neither a secret nor a key set in production',
      production,
      'BETTER_AUTH_SECRET or JWKS_URL is required in production',
    ],
    [
      'a short secret',
      { BETTER_AUTH_SECRET: 'x'.repeat(31) },
      'BETTER_AUTH_SECRET must have at least 32 bytes (openssl rand -base64 32 makes one)',
    ],
    ['a JWKS_URL that is not a URL', { JWKS_URL: 'issuer.example.org' }, 'JWKS_URL must be an http(s) URL'],
    ['a file: URL', { JWKS_URL: 'file:///etc/passwd' }, 'JWKS_URL must be an http(s) URL'],
    [
      'a key set URL with a password',
      { JWKS_URL: 'https://a:b@example.org/' },
      'JWKS_URL must not have a user name or password in it',
    ],
    [
      'a key set at an http: URL, in production',
      { ...production, JWKS_URL: 'http://issuer.example.org/jwks' },
      unsafe,
    ],
    [
      'a key set at a host name that begins with localhost',
      { ...production, JWKS_URL: 'http://localhost.example.org/jwks' },
      unsafe,
    ],
    [
      'a key set at a host name that begins with 127.0.0.1',
      { ...production, JWKS_URL: 'http://127.0.0.1.example.org/jwks' },
      unsafe,
    ],
    ['no algorithm', { ...secret, JWT_ALGORITHMS: ',' }, unknown],
    ['the algorithm none', { ...secret, JWT_ALGORITHMS: 'HS256,none' }, unknown],
    ['another HMAC', { ...secret, JWT_ALGORITHMS: 'HS512' }, unknown],
    ['an algorithm in lower case', { ...secret, JWT_ALGORITHMS: 'hs256' }, unknown],
    [
      'an algorithm of a key set without a JWKS_URL',
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
      'the algorithm of a secret without a secret',
      { ...keySet, JWT_ALGORITHMS: 'HS256,ES256' },
      'JWT_ALGORITHMS must not name HS256 without a BETTER_AUTH_SECRET',
    ],
  ] as const)
    it(`given ${what}: refused`, () => {
      expect(problemsOf(environment)).to.deep.equal([problem]);
    });

  it('given other invalid variables: all problems are listed together', () => {
    expect(problemsOf({ NODE_ENV: 'production', PORT: 'x', JWT_ALGORITHMS: 'x' })).to.have.members([
      'PORT must be a whole number from 0 to 65535',
      unknown,
      'BETTER_AUTH_SECRET or JWKS_URL is required in production',
      'DATABASE_URL is required in production',
    ]);
  });
});
