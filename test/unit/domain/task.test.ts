import { expect } from 'chai';
import { isInstant } from '../../../src/domain/instant.ts';
import {
  isRevision,
  isTaskId,
  maxDescriptionLength,
  maxTitleLength,
  parseDescription,
  parseTitle,
  readTaskId,
} from '../../../src/domain/task.ts';

const storage = 'must not contain U+0000 or half of a surrogate pair';

describe('parseTitle', () => {
  const accepted: readonly (readonly [what: string, text: string, title: string])[] = [
    ['one character', 'a', 'a'],
    ['200 characters', 'a'.repeat(200), 'a'.repeat(200)],
    ['200 characters of two units each', '😀'.repeat(200), '😀'.repeat(200)],
    ['200 characters between spaces', ` ${'a'.repeat(200)} `, 'a'.repeat(200)],
    ['spaces inside', ' a  b ', 'a  b'],
    ['line breaks inside', '\r\na\nb\n', 'a\nb'],
    [
      'white space that JavaScript trims',
      '\t\v\f \u00a0\ufeff\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000a',
      'a',
    ],
    ['characters that JavaScript does not trim', '\u200ba\u2060', '\u200ba\u2060'],
    ['a zero-width space alone', '\u200b', '\u200b'],
    ['NEL, which JavaScript does not trim', '\u0085', '\u0085'],
    ['combining marks', 'e\u0301', 'e\u0301'],
    ['right-to-left text with its marks', '\u202eשלום\u202c', '\u202eשלום\u202c'],
  ];
  for (const [what, text, title] of accepted)
    it(`given ${what}: accepts it, trimmed`, () => {
      expect(parseTitle(text)).to.deep.equal({ ok: true, value: title });
    });

  const length = 'must have 1 to 200 characters';
  const refused: readonly (readonly [what: string, text: string, problem: string])[] = [
    ['an empty text', '', length],
    ['white space alone', ' \t\r\n\u00a0\ufeff', length],
    ['201 characters', 'a'.repeat(201), length],
    ['201 characters of two units each', '😀'.repeat(201), length],
    ['200 characters and a combining mark', 'e'.repeat(200) + '\u0301', length],
    ['U+0000', 'a\0b', storage],
    ['U+0000 alone, which is not trimmed', '\0', storage],
    ['a lone surrogate', 'a\ud83d', storage],
    ['201 characters that cannot be stored', '\0'.repeat(201), length],
  ];
  for (const [what, text, problem] of refused)
    it(`given ${what}: returns the problem '${problem}'`, () => {
      expect(parseTitle(text)).to.deep.equal({ ok: false, problem });
    });

  it('given the longest title: it has 200 characters', () => {
    expect(maxTitleLength).to.equal(200);
  });
});

describe('parseDescription', () => {
  const accepted: readonly (readonly [what: string, text: string])[] = [
    ['an empty text', ''],
    ['white space', ' \t\r\n '],
    ['1000 characters', 'a'.repeat(1000)],
    ['1000 characters of two units each', '😀'.repeat(1000)],
    ['control characters', '\u0001\u007f\u0085'],
  ];
  for (const [what, text] of accepted)
    it(`given ${what}: returns it unchanged`, () => {
      expect(parseDescription(text)).to.deep.equal({ ok: true, value: text });
    });

  const length = 'must have at most 1000 characters';
  const refused: readonly (readonly [what: string, text: string, problem: string])[] = [
    ['1001 characters', 'a'.repeat(1001), length],
    ['999 characters between spaces, which are not trimmed', ` ${'a'.repeat(999)} `, length],
    ['U+0000', '\0', storage],
    ['a lone surrogate', '\ude00', storage],
  ];
  for (const [what, text, problem] of refused)
    it(`given ${what}: returns the problem '${problem}'`, () => {
      expect(parseDescription(text)).to.deep.equal({ ok: false, problem });
    });

  it('given the longest description: it has 1000 characters', () => {
    expect(maxDescriptionLength).to.equal(1000);
  });
});

describe('isTaskId', () => {
  const id = '0199f0c2-7a51-7cc4-b1de-93d5e1a3c0aa';
  const ids = [id, '00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];
  for (const text of ids)
    it(`given ${text}: true`, () => {
      expect(isTaskId(text)).to.be.true;
    });

  // PostgreSQL accepts some of these as UUIDs.
  const others = [
    '',
    'tasks',
    id.toUpperCase(),
    id.replace('a', 'A'),
    id.replaceAll('-', ''),
    `{${id}}`,
    `urn:uuid:${id}`,
    ` ${id}`,
    `${id} `,
    `${id}\n`,
    `${id}0`,
    id.slice(1),
    id.replace('0', 'g'),
    id.replace('0', '０'),
    id.replaceAll('-', '_'),
    '0199f0c27-a51-7cc4-b1de-93d5e1a3c0aa',
  ];
  for (const text of others)
    it(`given ${JSON.stringify(text)}: false`, () => {
      expect(isTaskId(text)).to.be.false;
    });
});

describe('readTaskId', () => {
  it('given a UUID in its canonical form: returns it', () => {
    const id = '0199f0c2-7a51-7cc4-b1de-93d5e1a3c0aa';
    expect(readTaskId(id)).to.equal(id);
  });

  for (const text of ['', 'tasks', '0199F0C2-7A51-7CC4-B1DE-93D5E1A3C0AA'])
    it(`given ${JSON.stringify(text)}: returns the nil UUID, which no task has`, () => {
      expect(readTaskId(text)).to.equal('00000000-0000-0000-0000-000000000000');
    });
});

describe('isInstant', () => {
  const instants = [
    '1970-01-01T00:00:00.000Z',
    '1999-12-31T23:59:59.999Z',
    '2000-02-29T12:00:00.000Z',
    '2026-11-21T08:00:00.123Z',
    '2026-11-30T08:00:00.123Z',
    '9999-12-31T23:59:59.999Z',
  ];
  for (const text of instants)
    it(`given ${text}: true`, () => {
      expect(isInstant(text)).to.be.true;
    });

  const others = [
    '',
    '1969-12-31T23:59:59.999Z',
    '0001-01-01T00:00:00.000Z',
    '+010000-01-01T00:00:00.000Z',
    '+012026-11-30T00:00:00.000Z',
    '-002026-11-30T00:00:00.000Z',
    '2026-11-21',
    '2026-11-21T08:00Z',
    '2026-11-21T08:00:00Z',
    '2026-11-21T08:00:00.1Z',
    '2026-11-21T08:00:00.1234Z',
    '2026-11-21T08:00:00.123',
    '2026-11-21T08:00:00.123z',
    '2026-11-21t08:00:00.123Z',
    '2026-11-21 08:00:00.123Z',
    '2026-11-21T08:00:00.123+00:00',
    '2026-11-21T08:00:00.123Z\n',
    ' 2026-11-21T08:00:00.123Z',
    'x2026-11-21T08:00:00.123Z',
    '2026-11-21T08:00:00.123Zx',
    'x2026-11-30T08:00:00.123Z',
    '2026-11-30T08:00:00.123Zx',
    '1969-12-31T00:00:00.000Z',
    '2026-13-01T00:00:00.000Z',
    '2026-00-01T00:00:00.000Z',
    '2026-02-29T00:00:00.000Z',
    '2026-04-31T00:00:00.000Z',
    '2026-11-21T24:00:00.000Z',
    '2026-11-21T08:60:00.000Z',
    '2026-11-21T08:00:60.000Z',
    '２026-11-21T08:00:00.123Z',
  ];
  for (const text of others)
    it(`given ${JSON.stringify(text)}: false`, () => {
      expect(isInstant(text)).to.be.false;
    });
});

describe('isInstant, for all days of a year', () => {
  for (const year of [1970, 1999, 2000, 2023, 2024, 2100, 9999])
    it(`given the days of ${year}: accepts those in the calendar only`, () => {
      for (let month = 0; month <= 13; month += 1)
        for (let day = 0; day <= 32; day += 1) {
          const date = [year, month, day].map((part) => String(part).padStart(2, '0')).join('-');
          const onCalendar = new Date(Date.UTC(year, month - 1, day)).toISOString().startsWith(date);
          expect(isInstant(`${date}T23:59:59.999Z`), date).to.equal(onCalendar);
        }
    });
});

describe('isRevision', () => {
  for (const value of [0, 1, 41, Number.MAX_SAFE_INTEGER])
    it(`given ${value}: true`, () => {
      expect(isRevision(value)).to.be.true;
    });

  for (const value of [-1, 0.5, Number.MAX_SAFE_INTEGER + 1, Number.NaN, Infinity, -Infinity])
    it(`given ${value}: false`, () => {
      expect(isRevision(value)).to.be.false;
    });
});
