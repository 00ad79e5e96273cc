import { expect } from 'chai';
import { toIsoInstant } from '../../../../src/infrastructure/postgres/client/type-parsers.ts';

describe('toIsoInstant', () => {
  const spellings: readonly (readonly [text: string, instant: string])[] = [
    ['2026-11-21 08:00:00+00', '2026-11-21T08:00:00.000Z'],
    ['2026-11-21 08:00:00.5+00', '2026-11-21T08:00:00.500Z'],
    ['2026-11-21 08:00:00.05+00', '2026-11-21T08:00:00.050Z'],
    ['2026-11-21 08:00:00.005+00', '2026-11-21T08:00:00.005Z'],
    ['2026-11-21 08:00:00.123+00', '2026-11-21T08:00:00.123Z'],
    ['2026-11-21 10:00:00+02', '2026-11-21T08:00:00.000Z'],
    ['2026-11-21 13:45:00.12+05:45', '2026-11-21T08:00:00.120Z'],
    ['2026-11-21 04:30:00.1-03:30', '2026-11-21T08:00:00.100Z'],
    ['2026-11-20 23:00:00.999-09', '2026-11-21T08:00:00.999Z'],
    ['1969-12-31 23:15:30-00:44:30', '1970-01-01T00:00:00.000Z'],
    ['1970-01-01 00:00:00.001+00', '1970-01-01T00:00:00.001Z'],
    ['10000-01-01 13:59:59.999+14', '9999-12-31T23:59:59.999Z'],
    ['9999-12-31 11:59:59.999-12', '9999-12-31T23:59:59.999Z'],
  ];
  for (const [text, instant] of spellings)
    it(`given ${text}: returns ${instant}`, () => {
      expect(toIsoInstant(text)).to.equal(instant);
    });

  for (const text of ['21.11.2026 08:00:00 UTC', 'Sat Nov 21 08:00:00 2026 UTC', 'infinity', ''])
    it(`given ${JSON.stringify(text)}: throws, and names DateStyle`, () => {
      expect(() => toIsoInstant(text)).to.throw(RangeError, 'DateStyle');
    });

  for (const text of [
    '1969-12-31 23:59:59.999+00',
    '1970-01-01 00:59:59+01',
    '0021-11-21 08:00:00+00',
    '10000-01-01 00:00:00+00',
    '9999-12-31 23:59:59-01',
  ])
    it(`given ${text}, outside of 1970 to 9999: throws`, () => {
      expect(() => toIsoInstant(text)).to.throw(RangeError, 'outside');
    });
});
