import { expect } from 'chai';
import { dueInstant, isDueDate, parseDueBound, parseDueDate } from '../../../src/domain/due-date.ts';
import { dueDate } from '../../support/tasks/tasks.ts';

describe('parseDueDate', () => {
  for (const [text, value] of [
    ['', null],
    ['1970-01-01', '1970-01-01'],
    ['2028-02-29', '2028-02-29'],
    ['9999-12-31', '9999-12-31'],
    ['2026-11-30T08:00', '2026-11-30T08:00:00.000Z'],
    ['2026-11-30t08:00:07z', '2026-11-30T08:00:07.000Z'],
    ['2026-11-30T08:00:07.1', '2026-11-30T08:00:07.100Z'],
    ['2026-11-30T08:00:07.1239Z', '2026-11-30T08:00:07.123Z'],
    [`2026-11-30T08:00:07.99${'9'.repeat(50)}+01:00`, '2026-11-30T07:00:07.999Z'],
    ['2026-11-30T08:00:07.12', '2026-11-30T08:00:07.120Z'],
    ['2026-11-30t08:00+01:30', '2026-11-30T06:30:00.000Z'],
    ['2026-11-30T08:00:00+14:00', '2026-11-29T18:00:00.000Z'],
    ['2026-11-30T08:00:00-23:59', '2026-12-01T07:59:00.000Z'],
    ['1969-12-31T23:00:00-01:00', '1970-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999+00:00', '9999-12-31T23:59:59.999Z'],
  ] as const)
    it(`given '${text}': ${value ?? 'null'}`, () => {
      expect(parseDueDate(text)).to.deep.equal({ ok: true, value });
    });

  for (const text of [
    ' ',
    '2026',
    '2026-11',
    '2026-11-31',
    '2027-02-29',
    '2100-02-29',
    '1969-12-31',
    '1969-12-31T23:59:59.999Z',
    '1970-01-01T00:59:59+01:00',
    '9999-12-31T23:00:00-01:00',
    '0000-01-01T00:00Z',
    'x2026-11-30T08:00Z',
    '2026-11-30 2026-11-30T08:00Z',
    '2026-11-30T08:00Zx',
    'x2026-11-30T08:00',
    '2026-11-30T08:00x',
    '2026-11-30T08:00ZZ',
    '2026-11-30T08:00:00.Z',
    '2026-11-30T08Z',
    '2026-11-30T08:00+0100',
    '2026-11-30T08:00:60Z',
    '2026-11-30T24:00',
    '2026-02-30T08:00',
    '2026-02-30T08:00:00.000Z',
    '2026-13-01T08:00',
    '0000-00-00T00:00',
    '2026-11-30 08:00',
    '2026-11-30T08:00:00+24:00',
    '2026-11-30T08:00:00+01:60',
    '2026-11-30T08.5Z',
    '2026-11-30Z',
    '2026-11-30+01:00',
    '２０２６-11-30',
    '2026-11-30\n',
    '2026-11-30\0',
  ])
    it(`given ${JSON.stringify(text)}: refused, with an example of both forms`, () => {
      expect(parseDueDate(text)).to.deep.equal({
        ok: false,
        problem:
          'must be a date such as 2026-11-30 or a date and time such as 2026-11-30T08:00:00Z, from 1970 to 9999',
      });
    });

  it('given another time zone of the process: a time without an offset is UTC', () => {
    const before = process.env['TZ'];
    try {
      process.env['TZ'] = 'America/New_York';
      expect(new Date('2026-11-30T08:00').toISOString(), 'local time').to.equal('2026-11-30T13:00:00.000Z');
      expect(dueDate('2026-11-30T08:00')).to.equal('2026-11-30T08:00:00.000Z');
      expect(dueDate('2026-11-30T08:00:07.5')).to.equal('2026-11-30T08:00:07.500Z');
      expect(dueDate('2026-11-30T08:00-01:00')).to.equal('2026-11-30T09:00:00.000Z');
      expect(dueDate('2026-11-30')).to.equal('2026-11-30');
    } finally {
      if (before === undefined) delete process.env['TZ'];
      else process.env['TZ'] = before;
    }
  });

  it('given what it returns: isDueDate is true, and it is read as the same again', () => {
    for (const text of ['2026-11-30', '2026-11-30T08:00', '2026-11-30T08:00:07.1239+01:00']) {
      const value = dueDate(text);
      expect(isDueDate(value)).to.equal(true);
      expect(dueDate(value)).to.equal(value);
    }
  });
});

describe('dueInstant', () => {
  it('given a day: its 00:00 UTC', () => {
    expect(dueInstant(dueDate('2026-11-30'))).to.equal('2026-11-30T00:00:00.000Z');
  });

  it('given an instant: the instant', () => {
    expect(dueInstant(dueDate('2026-11-30T08:00+01:00'))).to.equal('2026-11-30T07:00:00.000Z');
  });
});

describe('parseDueBound', () => {
  for (const [text, value] of [
    ['2026-11-30', '2026-11-30T00:00:00.000Z'],
    ['2026-11-30T08:00', '2026-11-30T08:00:00.000Z'],
    ['2026-11-30T00:00+01:00', '2026-11-29T23:00:00.000Z'],
  ] as const)
    it(`given '${text}': ${value}`, () => {
      expect(parseDueBound(text)).to.deep.equal({ ok: true, value });
    });

  for (const text of ['', ' ', '2026-11-31', '1969-12-31', 'tomorrow'])
    it(`given '${text}': refused as a due date is`, () => {
      expect(parseDueBound(text)).to.deep.equal({ ...parseDueDate('tomorrow') });
      expect(parseDueBound(text).ok).to.be.false;
    });
});

describe('isDueDate', () => {
  for (const text of [
    '',
    '2026-11-30T08:00Z',
    '2026-11-31',
    '2026-11-30T08:00:00.000',
    '2026-11-30T08:00:00.000+00:00',
  ])
    it(`given '${text}': false`, () => {
      expect(isDueDate(text)).to.equal(false);
    });
});
