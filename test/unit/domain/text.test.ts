import { expect } from 'chai';
import { countCharacters, isStorable, refuseUnstorable } from '../../../src/domain/text.ts';

describe('countCharacters', () => {
  const counts: readonly (readonly [what: string, text: string, count: number])[] = [
    ['an empty text', '', 0],
    ['letters', 'milk', 4],
    ['an emoji of two UTF-16 units', '😀', 1],
    ['two emoji in a row', '😀😀', 2],
    ['an emoji between letters', 'a😀b', 3],
    ['the highest code point', '\u{10ffff}', 1],
    ['a letter and its combining mark', 'e\u0301', 2],
    ['a family emoji with zero-width joiners', '👨‍👩‍👧‍👦', 7],
    ['a lone high surrogate at the end', 'a\ud83d', 2],
    ['a lone low surrogate at the beginning', '\ude00a', 2],
    ['a lone high surrogate before a letter', '\ud83da', 2],
    ['a lone high surrogate before U+E000', '\ud83d\ue000', 2],
    ['two high surrogates', '\ud83d\ud83d', 2],
    ['a surrogate pair in the wrong order', '\ude00\ud83d', 2],
    ['a lone high surrogate before a pair', '\ud83d😀', 2],
    ['U+D7FF and U+E000, next to the surrogates', '\ud7ff\ue000', 2],
    ['the first and the last surrogate pair', '\ud800\udc00\udbff\udfff', 2],
  ];
  for (const [what, text, count] of counts)
    it(`given ${what}: ${count}`, () => {
      expect(countCharacters(text)).to.equal(count);
    });

  it('given all combinations of an alphabet: counts as the string iterator does', () => {
    const alphabet = ['a', '\ud83d', '\ude00', '😀', '\u0301'];
    for (let n = 0; n < 5 ** 4; n += 1) {
      const text = [1, 5, 25, 125].map((power) => alphabet[Math.floor(n / power) % 5]).join('');
      expect(countCharacters(text), JSON.stringify(text)).to.equal(Array.from(text).length);
    }
  });
});

describe('isStorable', () => {
  const storable = [
    '',
    'milk',
    '😀',
    'שלום',
    'e\u0301',
    '\u200b',
    '\u0001\t\n\u007f\u0085',
    '\ufffd',
    '\uffff',
  ];
  for (const text of storable)
    it(`given ${JSON.stringify(text)}: true`, () => {
      expect(isStorable(text)).to.be.true;
    });

  const unstorable = ['\0', 'a\0b', '\ud83d', '\ude00', 'a\ud83db', '\ude00\ud83d', '😀\ude00'];
  for (const text of unstorable)
    it(`given ${JSON.stringify(text)}: false`, () => {
      expect(isStorable(text)).to.be.false;
    });
});

describe('refuseUnstorable', () => {
  it('given texts that can be stored, and values that are no text: returns', () => {
    expect(() => refuseUnstorable(['milk', '', null, undefined, true, 1])).not.to.throw();
  });

  it('given one text among others that cannot be stored: throws', () => {
    for (const values of [['\0'], ['milk', '\ud83d'], ['\0', true]])
      expect(() => refuseUnstorable(values)).to.throw('There is text that cannot be stored');
  });
});
