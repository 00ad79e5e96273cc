import { types as defaults } from 'pg';
import { isInstant } from '../../../domain/instant.ts';

/**
 * `2026-11-21 08:00:00.5+00`, as PostgreSQL writes it, to `2026-11-21T08:00:00.500Z`. Throws a RangeError for what it
 * cannot read, and for what is not between 1970 and 9999.
 */
export const toIsoInstant = (text: string): string => {
  // The usual case, a session in UTC, is converted without a `Date`, because this runs for every row.
  const isUtc = text.endsWith('+00') && text[10] === ' ' && text >= '1970';
  if (!isUtc) return fromTimeZone(text);
  const fraction = text.slice(20, -3);
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction.padEnd(3, '0')}Z`;
};

/** DateStyle ISO in any time zone. Other styles are rejected, because some of them are ambiguous. */
const isoStyle = /^(\d{4,5})-(\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,3})?)([+-])(\d\d(?::\d\d){0,2})$/;

const fromTimeZone = (text: string): string => {
  const [, year = '', day = '', time = '', sign, ahead = ''] = isoStyle.exec(text) ?? [];
  const local = Date.parse(`+${year.padStart(6, '0')}-${day}T${time}Z`);
  if (Number.isNaN(local)) throw new RangeError('The DateStyle of the database session must be ISO');
  const [hours = 0, minutes = 0, seconds = 0] = ahead.split(':').map(Number);
  const offset = ((hours * 60 + minutes) * 60 + seconds) * 1000;
  const instant = new Date(sign === '-' ? local + offset : local - offset).toISOString();
  if (!isInstant(instant)) throw new RangeError('A timestamp is outside of the years 1970 to 9999');
  return instant;
};

/**
 * By the object ids of PostgreSQL's built-in types, which never change. Counters stay below 2^53, the limit of exact
 * JavaScript numbers.
 */
const parsers = new Map<number, (text: string) => unknown>([
  [defaults.builtins.INT8, Number],
  [defaults.builtins.TIMESTAMPTZ, toIsoInstant],
]);

/** The parsers of the values of a row, for node-postgres. */
export const types = {
  getTypeParser: (...type: Parameters<typeof defaults.getTypeParser>): unknown =>
    parsers.get(type[0]) ?? defaults.getTypeParser(...type),
};
