import { expect } from 'chai';
import { fetchKeys } from '../../../src/infrastructure/jose/fetch-keys.ts';
import { rejection } from '../../support/rejection.ts';
import { respondWithStatus, respondWithText, startIssuer } from '../../support/tokens/issuer.ts';

describe('messages about a response that is not a key set', () => {
  const noKeySet = 'The response is not a key set (no array `keys`)';
  const discovery = JSON.stringify({ issuer: 'https://sso.example', jwks_uri: 'https://sso.example/secret' });
  const redirect = { Location: 'https://sso.example/secret' };

  for (const [what, answer, message] of [
    ['a list', respondWithText('[]'), noKeySet],
    ['null', respondWithText('null'), noKeySet],
    ['a string', respondWithText('"secret"'), noKeySet],
    ['an object without keys', respondWithText('{"secret":1}'), noKeySet],
    ['an object whose keys are not a list', respondWithText('{"keys":{"secret":1}}'), noKeySet],
    [
      'a discovery document',
      respondWithText(discovery),
      'The response is a discovery document, not a key set: set JWKS_URL to its `jwks_uri`',
    ],
    ['an HTML page', respondWithText('<!doctype html><p>secret'), 'The response is not JSON'],
    ['half of a key set', respondWithText('{"keys":["secret"'), 'The response is not JSON'],
    ['an empty response', respondWithText(''), 'The response is not JSON'],
    ...[301, 302, 303, 307, 308].map(
      (status) =>
        [
          `a redirect (${status})`,
          respondWithStatus(status, redirect),
          'The server redirects; redirects are not followed: set JWKS_URL to the final address',
        ] as const,
    ),
    ['status 304', respondWithStatus(304), 'The response has status 304'],
  ] as const)
    it(`given ${what}: one line says what is wrong, without the response`, async () => {
      await using issuer = await startIssuer();
      issuer.respond = answer;
      const error = await rejection(fetchKeys(issuer.url, 3_000));
      expect(error).to.be.instanceOf(Error).and.to.include({ message });
      expect(error).not.to.have.property('cause'); // check-config would print it instead
    });
});
