import { expect } from 'chai';
import {
  fingerprintOf,
  readIdempotencyKey,
} from '../../../../src/interfaces/http/request/idempotency-key.ts';
import { HttpProblem } from '../../../../src/interfaces/http/problems/problem.ts';
import { httpContext } from '../../../support/http/http-context.ts';

const longest = 'k'.repeat(255);

describe('readIdempotencyKey', () => {
  for (const [header, key] of [
    ['8e03978e-40d5-43dd-bc93-6894a57f9324', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ['"8e03978e"', '8e03978e'],
    ['a"b', 'a"b'],
    ['a\\b', 'a\\b'],
    ['"a\\"b"', 'a"b'],
    ['"a\\\\b"', 'a\\b'],
    ['"\\\\\\""', '\\"'],
    ['~!', '~!'],
    [longest, longest],
    [`"${longest}"`, longest],
    [`"${'\\"'.repeat(255)}"`, '"'.repeat(255)],
  ] as const)
    it(`given ${header.slice(0, 40)}: the key ${key.slice(0, 40)}`, () => {
      expect(readIdempotencyKey(header)).to.equal(key);
    });

  it('given no header: undefined', () => {
    expect(readIdempotencyKey(undefined)).to.be.undefined;
  });

  for (const header of [
    '',
    '"',
    '""',
    '"a',
    '"a"b',
    '"a" ',
    '"a";b=1',
    '"a\\"',
    '"a\\b"',
    '"a b"',
    'a b',
    'a, b',
    '"a", "b"',
    'a\tb',
    'k\u00e9',
    '"k\u00e9"',
    'k\u007f',
    `${longest}k`,
    `"${longest}k"`,
  ])
    it(`given ${JSON.stringify(header.slice(0, 40))}: malformed_request`, () => {
      expect(() => readIdempotencyKey(header))
        .to.throw(HttpProblem)
        .with.property('code', 'malformed_request');
    });
});

describe('fingerprintOf', () => {
  const fingerprint = (
    url: string,
    body = '',
    headers: Readonly<Record<string, string>> = {},
    method = 'PUT',
  ) => {
    const ctx = httpContext({ url, headers });
    ctx.method = method;
    return fingerprintOf(ctx, Buffer.from(body));
  };

  it('given another query or other header fields: the same', () => {
    const one = fingerprint('/api/tasks/1', '{}');
    expect(fingerprint('/api/tasks/1?a=b', '{}')).to.equal(one);
    expect(fingerprint('/api/tasks/1?a=b?c', '{}', { accept: '*/*' })).to.equal(one);
  });

  it('given another method, path, If-Match or body: another one', () => {
    const all = [
      fingerprint('/api/tasks/1', '{}'),
      fingerprint('/api/tasks/1', '{}', {}, 'PATCH'),
      fingerprint('/api/tasks/1/', '{}'),
      fingerprint('/api/%74asks/1', '{}'),
      fingerprint('/api/u/tasks/1', '{}'),
      fingerprint('/api/tasks/1', '{ }'),
      fingerprint('/api/tasks/1', ''),
      fingerprint('/api/tasks/1', '{}', { 'if-match': '"1"' }),
      fingerprint('/api/tasks/1', '{}', { 'if-match': '"2"' }),
      fingerprint('/api/tasks/1', '{}', { 'if-match': '' }),
      fingerprint('/api/tasks/1","{}', ''),
    ];
    expect(new Set(all).size).to.equal(all.length);
  });
});
