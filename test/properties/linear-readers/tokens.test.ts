import { expect } from 'chai';
import { isCompactToken } from '../../../src/infrastructure/jose/compact-token.ts';
import { hs256Verifier } from '../../../src/infrastructure/jose/hs256-verifier.ts';
import { hostileTexts, itReadsInLinearTime, type Input } from '../../support/linear-reader.ts';
import { claimsOf, secretSigner, tokenBy } from '../../support/tokens/signers.ts';
import { testSecret } from '../../support/tokens/tokens.ts';

const verifier = hs256Verifier({
  secret: testSecret,
  userIdClaims: ['user_id', 'sub', 'id'],
  audience: 'tasks',
});
const verify = (token: string) => verifier.verify(token);

/** A token with a valid signature, so that all of it is read. */
const signed = (claims: object | string, header: Readonly<Record<string, unknown>> = {}): string =>
  tokenBy(
    secretSigner(),
    typeof claims === 'string' ? claims : { ...claimsOf('user-1'), aud: 'tasks', ...claims },
    header,
  );

const list = (size: number): string[] =>
  Array.from({ length: Math.ceil(size / 8) }, (_, index) => `a${index}`);
const members = (size: number) => Object.fromEntries(list(size).map((name) => [name, 1]));

const tokens: Readonly<Record<string, Input<string>>> = {
  'a long user id': (size) => signed({ sub: 'a'.repeat(size) }),
  'a user id of emoji': (size) => signed({ sub: '\u{1f600}'.repeat(size / 4) }),
  'a long email': (size) => signed({ email: 'a'.repeat(size) }),
  'a long name': (size) => signed({ name: '\0'.repeat(size / 6) }),
  'many claims': (size) => signed(members(size)),
  'one repeated claim': (size) =>
    signed(`{${'"aud":"tasks",'.repeat(size / 14)}"sub":"user-1","exp":9999999999}`),
  'many audiences': (size) => signed({ aud: [...list(size), 'tasks'] }),
  'a long scope': (size) => signed({ scope: 'tasks:x '.repeat(size / 8) }),
  'many scopes': (size) => signed({ scope: list(size) }),
  'a long exp': (size) => signed(`{"sub":"user-1","aud":"tasks","exp":${'9'.repeat(size)}}`),
  'arrays in arrays': (size) => signed(`{"x":${'['.repeat(size / 2)}${']'.repeat(size / 2)}}`),
  'many header parameters': (size) => signed({}, members(size)),
  'many critical parameters': (size) => signed({}, { crit: list(size) }),
  'a long kid': (size) => signed({}, { kid: 'a'.repeat(size) }),
  'a long typ': (size) => signed({}, { typ: 'a'.repeat(size) }),
};

describe('a token is read in linear time', () => {
  it('given a token of 60 kB: verified', async () => {
    expect((await verify(signed(members(60_000)))).outcome).to.equal('verified');
  });

  itReadsInLinearTime('given the form of a token', isCompactToken, hostileTexts('', '', ['_']));
  itReadsInLinearTime(
    'given the form of a token with two dots',
    isCompactToken,
    hostileTexts('a.a.', '', ['_']),
  );
  itReadsInLinearTime('given any text', verify, hostileTexts());
  itReadsInLinearTime('given long headers and claims', verify, tokens);
});
