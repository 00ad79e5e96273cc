import { expect } from 'chai';
import { loggableError, redacted } from '../../../../src/infrastructure/observability/loggable-error.ts';

describe('redacted', () => {
  for (const [what, text, expected] of [
    ['a URL', 'no answer from postgres://root:hunter2@db/x', 'no answer from postgres://***@db/x'],
    ['a URL without a user name', 'redis://:hunter2@cache:6379', 'redis://***@cache:6379'],
    ['a password with @', 'postgres://root:hun@ter2@db/x', 'postgres://***@db/x'],
    ['a password with a quote', "postgres://root:hun'ter2@db/x", 'postgres://***@db/x'],
    ['two URLs', 'http://a/,http://u:hunter2@b', 'http://a/,http://***@b'],
    ['a token', 'refused eyJhbGci.eyJzdWIi.c2ln!', 'refused ***!'],
    ['the beginning of a token', 'refused eyJhbGci', 'refused ***'],
    ['a token in a header', 'authorization: Bearer hunter2', 'authorization: ***'],
    ['a secret after a space', 'token = hunter2 x', 'token = *** x'],
    ['a secret in quotes', `{"secret":"hunter 2"}`, `{"secret":***}`],
  ] as const) {
    it(`given ${what}: hides the secret`, () => {
      expect(redacted(text)).to.equal(expected);
    });
  }

  for (const text of [
    'connect ECONNREFUSED 127.0.0.1:5432',
    'see http://localhost:8000/docs or write to a@example.org',
    'at file:///srv/node_modules/@koa/router/index.js:1:2',
    'a token is missing',
  ]) {
    it(`given a text without secrets, "${text}": keeps it`, () => {
      expect(redacted(text)).to.equal(text);
    });
  }

  it('given a secret at the cut of 2,000 characters: hides it', () => {
    for (const secret of [
      'postgres://root:hunter2@db',
      'password="hunter2 hunter2"',
      'eyJhbGci.hunter2.hunter2',
    ]) {
      for (let before = 1_960; before <= 2_000; before += 1) {
        const text = redacted(`${'.'.repeat(before - 1)} ${secret}`);
        expect(text).to.have.length.at.most(2_000);
        expect(text).not.to.include('hunter');
      }
    }
  });
});

describe('loggableError', () => {
  it('given a secret in a message line that looks like a stack frame: hides it', () => {
    const { stack } = loggableError(new Error('failed\n    at postgres://root:hunter2@db/x'));
    expect(stack).to.include('at postgres://***@db/x').and.include('loggable-error.test.ts');
    expect(stack).not.to.include('hunter2');
  });

  it('given a long stack: cuts it at 4,000 characters', () => {
    const { stack } = loggableError(new Error('\n    at nowhere'.repeat(1_000)));
    expect(stack).to.have.length(4_000);
  });
});
