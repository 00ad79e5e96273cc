import type { DriverTypeParser } from 'slonik';
import { isInstant } from '../../../domain/task.ts';

/** Revisions fit a JavaScript number for the first nine quadrillion writes of an owner. */
const int8: DriverTypeParser = { name: 'int8', parse: Number };

/**
 * `2026-11-21 08:00:00.5+00`, as PostgreSQL writes it, to `2026-11-21T08:00:00.500Z`. Throws a RangeError for what it
 * cannot read, and for what is not between 1970 and 9999.
 */
export const toIsoInstant = (text: string): string => {
  // Without a detour over Date where the session is in UTC, as nearly every one is: this runs for every row.
  const isPlain = text.endsWith('+00') && text[10] === ' ' && text >= '1970';
  if (!isPlain) return fromElsewhere(text);
  const fraction = text.slice(20, -3);
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction.padEnd(3, '0')}Z`;
};

/** The ISO style, in whatever time zone. Of the other styles some can be read in two ways, so none is read at all. */
const spelling = /^(\d{4,5})-(\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,3})?)([+-])(\d\d(?::\d\d){0,2})$/;

const fromElsewhere = (text: string): string => {
  const [, year = '', day = '', time = '', sign, ahead = ''] = spelling.exec(text) ?? [];
  const local = Date.parse(`+${year.padStart(6, '0')}-${day}T${time}Z`);
  if (Number.isNaN(local)) throw new RangeError('The DateStyle of the database session must be ISO');
  const [hours = 0, minutes = 0, seconds = 0] = ahead.split(':').map(Number);
  const offset = ((hours * 60 + minutes) * 60 + seconds) * 1000;
  const instant = new Date(sign === '-' ? local + offset : local - offset).toISOString();
  if (!isInstant(instant)) throw new RangeError('A moment lies outside of the time that tasks have');
  return instant;
};

const timestamptz: DriverTypeParser = { name: 'timestamptz', parse: toIsoInstant };

export const typeParsers: readonly DriverTypeParser[] = [int8, timestamptz];
