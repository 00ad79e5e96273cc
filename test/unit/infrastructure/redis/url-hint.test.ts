import { expect } from 'chai';
import { redisUrlHint } from '../../../../src/infrastructure/redis/url-hint.ts';

describe('redisUrlHint', () => {
  const noPassword = 'NOAUTH HELLO must be called with the client already authenticated, otherwise …';
  for (const [what, url, message, hint] of [
    ['a password in the place of the user', 'redis://hunter2@cache', noPassword, /redis:\/\/:password@host/],
    ['no password', 'redis://cache', noPassword, /redis:\/\/:password@host/],
    ['rediss:// and a server that is silent', 'rediss://cache', 'Connection timeout', /no TLS/],
    ['rediss:// and a server without TLS', 'rediss://cache', '…:wrong version number:…', /no TLS/],
    ['redis:// and a server with TLS', 'redis://cache', 'Socket closed unexpectedly', /demand TLS/],
  ] as const)
    it(`given ${what}: a hint, without a secret`, () => {
      expect(redisUrlHint(url, new Error(message)))
        .to.match(hint)
        .and.not.include('hunter2');
    });

  for (const [url, message] of [
    ['redis://:hunter2@cache', 'WRONGPASS invalid username-password pair or user is disabled.'],
    ['redis://:hunter2@cache', noPassword],
    ['redis://cache', 'Connection timeout'],
    ['rediss://cache', 'self-signed certificate'],
    ['rediss://cache', 'connect ECONNREFUSED 127.0.0.1:6379'],
    ['redis://cache', 'READONLY You can’t write against a read only replica.'],
  ] as const)
    it(`given ${url} and "${message}": null`, () => {
      expect(redisUrlHint(url, new Error(message))).to.equal(null);
    });
});
