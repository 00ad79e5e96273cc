import { expect } from 'chai';
import { maxUserIdLength, parseUserId } from '../../../src/domain/user.ts';

describe('parseUserId', () => {
  const accepted: readonly (readonly [what: string, id: string])[] = [
    ['one character', 'a'],
    ['a UUID', '0199f0c2-7a51-7cc4-b1de-93d5e1a3c0aa'],
    ['the 32 characters of common issuers', 'x9Kq2mLw8RtZ4vBn6YcJ1dHf3GsP5aEu'],
    ['a text with path separators', '../a/b?c#d%00'],
    ['a space', ' '],
    ['the characters next to C0, DEL and C1', ' ~\u00a0'],
    ['an emoji', '😀'],
    ['right-to-left text', 'שלום'],
    ['255 characters', 'a'.repeat(255)],
    ['255 characters of two UTF-16 units each', '😀'.repeat(255)],
  ];
  for (const [what, id] of accepted)
    it(`given ${what}: returns it unchanged`, () => {
      expect(parseUserId(id)).to.equal(id);
    });

  const refused: readonly (readonly [what: string, id: unknown])[] = [
    ['no value', undefined],
    ['null', null],
    ['a number', 7],
    ['a boolean', true],
    ['an object', { toString: () => 'a' }],
    ['a list of one id', ['a']],
    ['a String object', Object('a')],
    ['an empty string', ''],
    ['256 characters', 'a'.repeat(256)],
    ['256 characters of two UTF-16 units each', '😀'.repeat(256)],
    ['U+0000', 'a\0'],
    ['a lone high surrogate', 'a\ud83d'],
    ['a lone low surrogate', '\ude00a'],
  ];
  for (const [what, id] of refused)
    it(`given ${what}: null`, () => {
      expect(parseUserId(id)).to.be.null;
    });

  it('given a control character of C0 or C1, or DEL, at any position: null', () => {
    const controls = [...range(0x00, 0x1f), ...range(0x7f, 0x9f)].map((code) => String.fromCharCode(code));
    for (const control of controls)
      for (const id of [control, `${control}a`, `a${control}`, `a${control}b`])
        expect(parseUserId(id), JSON.stringify(id)).to.be.null;
  });

  it('given the longest user id: it has 255 characters', () => {
    expect(maxUserIdLength).to.equal(255);
  });
});

const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
