import { expect } from 'chai';
import { countCharacters, isStorable, refuseUnstorable } from '../../../src/domain/text.ts';

describe('countCharacters', () => {
  const counts: readonly (readonly [what: string, text: string, count: number])[] = [
    ['nothing', '', 0],
    ['letters', 'milk', 4],
    ['an emoji as one, though it has two units', '😀', 1],
    ['two emoji in a row', '😀😀', 2],
    ['an emoji between letters', 'a😀b', 3],
    ['the highest code point', '\u{10ffff}', 1],
    ['a letter and its combining mark as two', 'e\u0301', 2],
    ['a family joined by zero-width joiners as seven', '👨‍👩‍👧‍👦', 7],
    ['the half of a pair at the end', 'a\ud83d', 2],
    ['the half of a pair at the beginning', '\ude00a', 2],
    ['a high half before a letter', '\ud83da', 2],
    ['a high half before what comes after the surrogates', '\ud83d\ue000', 2],
    ['two high halves', '\ud83d\ud83d', 2],
    ['the halves of a pair the wrong way round', '\ude00\ud83d', 2],
    ['a high half before a pair', '\ud83d😀', 2],
    ['the neighbours of the surrogates', '\ud7ff\ue000', 2],
    ['the edges of the surrogates, each a pair', '\ud800\udc00\udbff\udfff', 2],
  ];
  for (const [what, text, count] of counts)
    it(`counts ${what}: ${count}`, () => {
      expect(countCharacters(text)).to.equal(count);
    });

  it('counts as the iterator of a string does', () => {
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
    it(`accepts ${JSON.stringify(text)}`, () => {
      expect(isStorable(text)).to.be.true;
    });

  const unstorable = ['\0', 'a\0b', '\ud83d', '\ude00', 'a\ud83db', '\ude00\ud83d', '😀\ude00'];
  for (const text of unstorable)
    it(`refuses ${JSON.stringify(text)}`, () => {
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
