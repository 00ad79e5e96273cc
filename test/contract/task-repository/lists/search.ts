import { expect } from 'chai';
import type { User } from '../../../../src/domain/user.ts';
import { listedTitles } from '../../../support/tasks/lists.ts';
import { anOwner, aQuery, aTask, description, searchText, title } from '../../../support/tasks/tasks.ts';
import type { ContractTests } from '../../task-repository.ts';

type Terms = readonly string[];

/** Texts, with terms that they contain and terms that they do not contain. */
const texts: readonly (readonly [what: string, text: string, contained: Terms, others: Terms])[] = [
  [
    'Latin letters',
    'Buy Milk',
    ['buy milk', 'BUY', 'y m', 'k', 'Buy Milk'],
    ['bread', 'buymilk', 'buy  milk', 'milk buy', 'buy milk!'],
  ],
  [
    'accented letters',
    'CAF\u00c9',
    ['caf\u00e9', 'cafe\u0301', 'CAFE\u0301', '\u00e9'],
    ['cafe', 'caf\u00e8'],
  ],
  [
    'decomposed letters',
    'Cre\u0300me bru\u0302le\u0301e',
    ['cr\u00e8me br\u00fbl\u00e9e', 'CR\u00c8ME'],
    ['creme'],
  ],
  ['marks in another order', 'a\u0302\u0323 b', ['a\u0323\u0302', '\u1ead', '\u1eac b'], ['a b']],
  ['marks that do not combine', 'x\u0301y', ['x\u0301y', 'X\u0301'], ['xy']],
  ['the I of Turkish', 'I\u0307stanbul \u0130zmir', ['\u0130', 'I\u0307stan', 'STANBUL'], ['ist', '\u0131']],
  ['the dotless i', '\u0131rmak ISPARTA', ['\u0131rmak', 'isparta', 'ISPARTA'], ['irmak', '\u0131sparta']],
  ['the sharp s', 'Stra\u00dfe', ['STRA\u1e9eE', 'stra\u00dfe'], ['strasse', 'STRASSE']],
  [
    'the final sigma',
    '\u039f\u03b4\u03bf\u03c2',
    ['\u03bf\u03b4\u03bf\u03c3', '\u039f\u0394\u039f\u03a3'],
    ['\u03bf\u03b4\u03b1'],
  ],
  ['Cyrillic', 'Купить МОЛОКО', ['молоко', 'КУПИТЬ м'], ['молока']],
  ['letters beyond U+FFFF', '\u{10400}\u{1042b}', ['\u{10428}\u{10403}', '\u{1042b}'], ['\u{10429}']],
  ['Georgian and Cherokee', '\u1c90\u10d1 \u13a0\uab71', ['\u10d0\u1c91', '\uab70\u13a1'], ['\u10d2']],
  ['signs of units', '\u212b \u212a', ['\u00e5', 'A\u030a', 'k'], ['o']],
  ['Chinese and Korean', '買牛奶 우유', ['牛奶', '\u110b\u116e\u110b\u1172', '奶 우'], ['牛乳']],
  ['emoji', '👨‍👩‍👧 🧑🏽‍🚀 🇩🇪', ['👨‍👩‍👧', '🚀', '🧑🏽', '🇩🇪'], ['🧑🏿', '🐄']],
  ['a percent sign', '100% sure', ['%', '0%', '100% S'], ['10%', '%0', '%%', '1%e']],
  ['an underscore', 'snake_case', ['_', 'e_c', 'SNAKE_CASE'], ['snak_', '__', 's_case']],
  ['a backslash', 'C:\\dir\\%x', ['\\', '\\dir', 'c:\\', '\\%', '\\%x'], ['\\\\', '\\x', '\\_']],
  ['quotes', `it's "so"`, [`'`, `"SO"`, `it's "`], [`''`, `""`]],
  ['text that looks like SQL', `%' OR 'a'='a' --`, [`' or '`, `' --`], [`' and '`]],
  ['line breaks and tabs', 'a\nb\tc', ['a\nb', 'B\tC', 'c'], ['a b', 'ab']],
  ['zero-width characters', 'a\u200bb', ['a\u200bb', '\u200b'], ['ab']],
  ['the last code point', 'x\u{10ffff}\ufffd', ['\u{10ffff}', '\ufffd'], ['\uffff']],
  ['the longest term', '😀'.repeat(200), ['😀'.repeat(200), '😀'.repeat(199)], [`${'😀'.repeat(199)}a`]],
];

export const searchTests: ContractTests = (tasks) => {
  const owner = anOwner();
  const found = (user: User, term: string) =>
    listedTitles(tasks(), user.id, aQuery({ search: searchText(term) }));

  describe('given texts', () => {
    const number = (n: number) => `=${n}=`;
    before(async () => {
      for (const [n, [, text]] of texts.entries()) {
        await tasks().add(owner, aTask({ title: title(text), description: description(number(n)) }));
        await tasks().add(owner, aTask({ title: title(number(n)), description: description(text) }));
      }
    });

    for (const [n, [what, text, contained, others]] of texts.entries()) {
      it(`given ${what}: finds the title and the description by their parts`, async () => {
        for (const term of contained)
          expect(await found(owner, term), term).to.include.members([text, number(n)]);
      });

      it(`given ${what}: finds neither of them by another term`, async () => {
        for (const term of others)
          expect(await found(owner, term), term).not.to.include.oneOf([text, number(n)]);
      });
    }
  });

  it('given a term over the border of title and description: finds nothing', async () => {
    const user = anOwner();
    await tasks().add(user, aTask({ title: title('abc'), description: description('def') }));
    for (const term of ['cd', 'c d', 'c\nd', 'abcdef', 'abc def', 'c%d', 'c_d', 'c\u0001d'])
      expect(await found(user, term), term).to.be.empty;
  });

  it('given a term in title and description: lists the task once', async () => {
    const user = anOwner();
    await tasks().add(user, aTask({ title: title('milk'), description: description('milk and milk') }));
    expect(await found(user, 'milk')).to.deep.equal(['milk']);
  });

  it('given no description or an empty one: finds the title alone', async () => {
    const user = anOwner();
    await tasks().add(user, aTask({ title: title('without'), description: null }));
    await tasks().add(user, aTask({ title: title('empty'), description: description('') }));
    for (const [term, titles] of [
      ['without', ['without']],
      ['empty', ['empty']],
      ['null', []],
    ] as const)
      expect(await found(user, term)).to.deep.equal(titles);
  });

  it('given the text of another user: does not find it', async () => {
    await tasks().add(anOwner(), aTask({ title: title('their secret') }));
    expect(await found(owner, 'secret')).to.be.empty;
  });

  it('given the longest description: finds its end', async () => {
    const user = anOwner();
    await tasks().add(user, aTask({ description: description(`${'😀'.repeat(996)} END`) }));
    expect(await found(user, '😀 end')).to.have.length(1);
  });
};
