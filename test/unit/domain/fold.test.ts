import { expect } from 'chai';
import fc from 'fast-check';
import { simpleCaseFolding } from '../../../src/domain/case-folding.ts';
import { compareCodePoints, fold } from '../../../src/domain/fold.ts';
import { countCharacters, isStorable } from '../../../src/domain/text.ts';

const allCharacters = Array.from({ length: 0x110000 }, (_, codePoint) => codePoint)
  .filter((codePoint) => codePoint < 0xd800 || codePoint > 0xdfff)
  .map((codePoint) => String.fromCodePoint(codePoint));

const pick = (pattern: RegExp): readonly string[] =>
  allCharacters.filter((character) => pattern.test(character));
const cased = pick(/[\p{Changes_When_Casemapped}\p{Changes_When_Casefolded}]/u);
const marks = pick(/\p{M}/u);
const decomposable = allCharacters.filter((character) => character.normalize('NFD') !== character);

/** Characters whose case, composition or order depends on one another. */
const interacting = Array.from(
  'aAiIsKσςΑιΩ\u0345\u0344\u0301\u0316\u0328\u1100\u1161\u11a8\ufb2c\ufffd\u{10ffff}',
);

/** Texts of the characters that case folding and normalization change, and of others. */
const text = fc
  .array(
    fc.oneof(
      ...[cased, marks, decomposable].map((characters) => fc.constantFrom(...characters)),
      fc.constantFrom(...interacting),
      fc.string({ unit: 'binary' }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

describe('fold', () => {
  const examples: readonly (readonly [what: string, text: string, folded: string])[] = [
    ['an empty text', '', ''],
    ['ASCII', 'Buy MILK, [2] @ ~5_\\%{}\u007f', 'buy milk, [2] @ ~5_\\%{}\u007f'],
    ['the neighbors of the letters in ASCII', '\t @[`{', '\t @[`{'],
    ['letters of Latin-1', 'ÀÖ×ØÞ÷', 'àö×øþ÷'],
    ['capital I with a dot above: has no simple folding', '\u0130', '\u0130'],
    ['I and a dot above: composed', 'I\u0307', '\u0130'],
    ['dotless i', 'I\u0131', 'i\u0131'],
    ['sharp s: not expanded to ss', 'Straße', 'straße'],
    ['capital sharp s', 'STRA\u1e9eE', 'straße'],
    ['final sigma', 'ΟΔΟΣ οδος', 'οδοσ οδοσ'],
    ['long s', '\u017fo', 'so'],
    ['the Kelvin sign', '5 \u212a', '5 k'],
    ['A with ring above, composed', '\u00c5', '\u00e5'],
    ['A with ring above, decomposed', 'A\u030a', '\u00e5'],
    ['the Angstrom sign', '\u212b', '\u00e5'],
    ['the micro sign', '\u00b5', '\u03bc'],
    ['a capital that only its small letter has composed', 'J\u030c', '\u01f0'],
    ['a letter whose lower case has three bytes in UTF-8', '\u023a', '\u2c65'],
    ['marks in canonical order', 'Q\u0323\u0307', 'q\u0323\u0307'],
    ['marks in another order', 'Q\u0307\u0323', 'q\u0323\u0307'],
    ['iota subscript, composed', '\u1fbc', '\u1fb3'],
    ['iota subscript, decomposed', 'Α\u0345', '\u1fb3'],
    ['iota subscript that does not compose: becomes a letter', 'x\u0345\u0301', 'x\u0301ι'],
    ['a small letter with accent and iota subscript', 'α\u0301\u0345', '\u1fb4'],
    ['a capital with accent and iota subscript: has no composed form', 'Α\u0301\u0345', '\u03acι'],
    ['conjoining Hangul', '\u1112\u1161\u11ab', '한'],
    ['Cherokee small letters: fold to the capitals', '\uab70\u13f8', '\u13a0\u13f0'],
    ['Cherokee capitals', '\u13a0\u13f0', '\u13a0\u13f0'],
    ['Deseret, beyond U+FFFF', '\u{10400}', '\u{10428}'],
    ['the ligatures st: equal, not expanded', '\ufb05\ufb06', '\ufb06\ufb06'],
    ['titlecase letters', 'Ǆǅǆ', 'ǆǆǆ'],
    ['full-width letters: stay full-width', 'Ａａ', 'ａａ'],
    ['emoji', '👨‍👩‍👧‍👦 🏳️‍🌈 👍🏽', '👨‍👩‍👧‍👦 🏳️‍🌈 👍🏽'],
    ['scripts without case', '漢字 שלום हिन्दी ไทย', '漢字 שלום हिन्दी ไทย'],
    ['a composition exclusion', '\u0958', '\u0915\u093c'],
    ['lone surrogates', '\ud83dA\ude00', '\ud83da\ude00'],
  ];
  for (const [what, given, folded] of examples)
    it(`given ${what}: ${JSON.stringify(folded)}`, () => {
      expect(fold(given)).to.equal(folded);
    });

  it('given any text: NFC, simple case folding and NFC', () => {
    const byCharacter = (normal: string): string =>
      Array.from(normal, (character) => simpleCaseFolding.get(character) ?? character).join('');
    fc.assert(
      fc.property(text, (value) => {
        expect(fold(value)).to.equal(byCharacter(value.normalize('NFC')).normalize('NFC'));
      }),
    );
  });

  it('given any folded text: the same text', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(fold(fold(value))).to.equal(fold(value));
      }),
    );
    for (const character of allCharacters) {
      const folded = fold(character);
      if (fold(folded) !== folded) expect.fail(`U+${character.codePointAt(0)!.toString(16)}`);
    }
  });

  it('given canonically equivalent texts: the same text', () => {
    fc.assert(
      fc.property(text, (value) => {
        const folded = fold(value);
        expect(fold(value.normalize('NFD'))).to.equal(folded);
        expect(fold(value.normalize('NFC'))).to.equal(folded);
        expect(folded.normalize('NFC')).to.equal(folded);
      }),
    );
  });

  // U+0345 folds to a letter, unless NFC composes it with the letter before it, which depends on the case.
  it('given a text with and without simple case folding, and no U+0345: the same text', () => {
    const characters = [...cased, ...marks].filter(
      (character) => !character.normalize('NFD').includes('\u0345'),
    );
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...characters)), (unfolded) => {
        const folded = unfolded.map((character) => simpleCaseFolding.get(character) ?? character);
        expect(fold(folded.join(''))).to.equal(fold(unfolded.join('')));
      }),
    );
  });

  it('given a text that can be stored: the result can be stored', () => {
    fc.assert(
      fc.property(text, (value) => {
        const storable = value.replaceAll('\0', '');
        expect(isStorable(storable) && isStorable(fold(storable))).to.equal(true);
      }),
    );
  });

  it('given any one character: at most 3 code points, and 3 times the bytes in UTF-8', () => {
    const grown = allCharacters.filter((character) => countCharacters(fold(character)) >= 3);
    expect(grown).to.include('\ufb2c');
    expect(Math.max(...grown.map((character) => countCharacters(fold(character))))).to.equal(3);
    for (const character of allCharacters)
      if (Buffer.byteLength(fold(character)) > 3 * Buffer.byteLength(character))
        expect.fail(`U+${character.codePointAt(0)!.toString(16)}`);
  });

  it('given any text: at most 3 times as many code points and bytes', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(countCharacters(fold(value))).to.be.at.most(3 * countCharacters(value));
        expect(Buffer.byteLength(fold(value))).to.be.at.most(3 * Buffer.byteLength(value));
      }),
    );
  });
});

// The flags "iu" compare by simple case folding (ECMA-262, Canonicalize), with a table of the JavaScript engine.
describe('simpleCaseFolding', () => {
  const foldingOf = (character: string): string => simpleCaseFolding.get(character) ?? character;

  it('given each character that has a case: equal to those that a RegExp without case finds', () => {
    const classes = Map.groupBy(cased, foldingOf);
    const all = cased.join('');
    for (const members of classes.values())
      for (const member of members)
        expect(all.match(new RegExp(member, 'giu')), member).to.deep.equal(members);
  });

  it('given each other character: a RegExp without case finds no equal one, and it has no folding', () => {
    const known = new Set(cased);
    const others = allCharacters.filter((character) => !known.has(character));
    expect(new RegExp(`[${cased.join('')}]`, 'iu').test(others.join(''))).to.equal(false);
    expect(others.filter((character) => simpleCaseFolding.has(character))).to.deep.equal([]);
  });

  it('given each folding: it is not folded further', () => {
    expect(simpleCaseFolding.size).to.equal(1512);
    for (const folding of simpleCaseFolding.values()) expect(simpleCaseFolding.has(folding)).to.equal(false);
  });
});

describe('compareCodePoints', () => {
  const ordered = [
    '',
    '\0',
    'A',
    'AB',
    'a',
    'a\ufffd',
    'a😀',
    'a😁',
    'b',
    '\ud7ff',
    '\ue000',
    '\uffff',
    '\u{10000}',
    '\u{103fe}',
    '\u{103ff}',
    '\u{10400}',
  ];

  it('given texts in order: each of them is before all that follow, and equal to itself', () => {
    for (const [index, a] of ordered.entries())
      for (const [other, b] of ordered.entries())
        expect(Math.sign(compareCodePoints(a, b)), JSON.stringify([a, b])).to.equal(Math.sign(index - other));
  });

  it('given any texts: the order of their bytes in UTF-8', () => {
    const unit = fc.constantFrom('a', 'é', '\ud7ff', '\ue000', '\ufffd', '\u{10000}', '😀', '\u{10ffff}');
    const texts = fc.oneof(fc.string({ unit, maxLength: 4 }), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(texts, texts, (a, b) => {
        expect(Math.sign(compareCodePoints(a, b))).to.equal(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { numRuns: 1_000 },
    );
  });

  it('given lone surrogates: an order that sort can use', () => {
    const texts = ['\ud800\ue001', '\ud800\udc00', '\ue000', '\ud800', '\udc00'];
    for (const a of texts)
      for (const b of texts)
        for (const c of texts)
          if (compareCodePoints(a, b) < 0 && compareCodePoints(b, c) < 0)
            expect(compareCodePoints(a, c)).to.be.below(0);
  });
});
