import { expect } from 'chai';
import { taskOf } from '../../../support/http/response-schemas.ts';
import { describeOnEachStore } from '../../../support/http/suites.ts';

const texts: readonly (readonly [what: string, text: string])[] = [
  ['an emoji', '😀'],
  ['a family joined by zero-width joiners', '👨‍👩‍👧‍👦'],
  ['a flag', '🇩🇪'],
  ['a skin tone', '👍🏽'],
  ['right-to-left text', 'לקנות חלב'],
  ['right-to-left marks and overrides', 'a\u202eb\u200fc\u2066d\u2069'],
  ['a combining mark, not composed', 'e\u0301'],
  ['a composed letter, not decomposed', '\u00e9'],
  ['Hangul jamo', '\u1112\u1161\u11ab'],
  ['many combining marks on one letter', `Z${'\u0363'.repeat(50)}`],
  ['zero-width characters inside', 'a\u200bb\u200cc\u2060d'],
  ['a zero-width space alone', '\u200b'],
  ['controls inside', 'a\u0001b\u0008c\u001fd\u007fe\u0085f'],
  ['line ends inside', 'a\r\nb\nc\rd\u2028e\u2029f'],
  ['the highest code point', 'a\u{10ffff}b'],
  ['noncharacters', 'a\uffff\ufffeb\ufdd0c'],
  ['a private-use character', 'a\ue000b'],
  ['U+FFFD itself', 'a\ufffdb'],
  ['a BOM inside', 'a\ufeffb'],
  ['HTML', '<script>alert("1")</script>&amp;'],
  ['SQL', "'; DROP TABLE tasks; --"],
  ['a format string', '%s %d {0} ${x} \\u0000 \\x00'],
  ['a backslash and a zero', '\\0'],
  ['quotes', '"\'`´'],
];

describeOnEachStore('200 text', (service) => {
  for (const [what, text] of texts) {
    for (const escaped of [false, true]) {
      it(`given ${what}, sent ${escaped ? 'escaped' : 'as UTF-8'}: kept byte for byte`, async () => {
        const user = await service().user();
        const json = JSON.stringify({ title: text, description: ` ${text} ` });
        const body = escaped ? json.replace(/[^\x20-\x7e]/g, escapeUnit) : json;
        const headers = { 'Content-Type': 'application/json' };
        const answer = await user.send('POST', user.lists.own, { headers, body });
        expect(answer.status, answer.text).to.equal(201);
        const found = await user.get(answer.headers['location'] ?? '');
        expect(found.text).to.equal(answer.text);
        const task = taskOf(found);
        expect(task.title).to.equal(text);
        expect(task.description).to.equal(` ${text} `);
      });
    }
  }

  // The characters that `String.prototype.trim` removes, U+FEFF included.
  const blanks =
    '\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff';
  for (const blank of blanks) {
    it(`given U+${blank.charCodeAt(0).toString(16).padStart(4, '0')}: trimmed from a title, kept in a description`, async () => {
      const user = await service().user();
      const draft = { title: `${blank}a${blank}b${blank}`, description: blank };
      const task = taskOf(await user.post(user.lists.own, draft));
      expect(task.title).to.equal(`a${blank}b`);
      expect(task.description).to.equal(blank);
    });
  }

  for (const kept of ['\u180e', '\u200b', '\u2060', '\u0085', '\u001f', '\u00ad']) {
    it(`given U+${kept.charCodeAt(0).toString(16).padStart(4, '0')}: not trimmed from a title`, async () => {
      const user = await service().user();
      const task = taskOf(await user.post(user.lists.own, { title: `${kept}a${kept}` }));
      expect(task.title).to.equal(`${kept}a${kept}`);
    });
  }

  const lengths: readonly (readonly [what: string, draft: { title: string; description?: string }])[] = [
    ['a title of 1 letter', { title: 'a' }],
    ['a title of 200 letters', { title: 'a'.repeat(200) }],
    ['a title of 200 emoji', { title: '😀'.repeat(200) }],
    ['a title of 200 combining marks', { title: '\u0301'.repeat(200) }],
    ['a title of 100 letters with their marks', { title: 'e\u0301'.repeat(100) }],
    ['a description of 1000 letters', { title: 'a', description: 'a'.repeat(1000) }],
    ['a description of 1000 emoji', { title: 'a', description: '😀'.repeat(1000) }],
    ['a description of 1000 blanks', { title: 'a', description: ' '.repeat(1000) }],
  ];
  for (const [what, draft] of lengths) {
    it(`given ${what}: kept`, async () => {
      const user = await service().user();
      const answer = await user.post(user.lists.own, draft);
      expect(answer.status, answer.text).to.equal(201);
      expect(taskOf(await user.get(answer.headers['location'] ?? ''))).to.include(draft);
    });
  }

  it('given a title over 200 characters before trimming and 200 after: kept', async () => {
    const user = await service().user();
    const answer = await user.post(user.lists.own, { title: `${' '.repeat(500)}${'😀'.repeat(200)}\n\n` });
    expect(taskOf(answer).title).to.equal('😀'.repeat(200));
  });
});

const escapeUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
