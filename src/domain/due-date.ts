import type { Branded } from './brand.ts';
import { isInstant, type Instant } from './instant.ts';
import type { Parsed } from './parsed.ts';

/** A day, `YYYY-MM-DD`, wherever the reader is; or an `Instant`. From 1970 to 9999. */
export type DueDate = Branded<string, 'DueDate'>;

const problem =
  'must be a date such as 2026-11-30 or a date and time such as 2026-11-30T08:00:00Z, from 1970 to 9999';

/**
 * RFC 3339, where the offset (UTC without it), the seconds and their fraction may be missing, as in the value of
 * `<input type="datetime-local">`. `T` and `Z` may be in lower case.
 */
const dateTime =
  /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d+))?)?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))?$/i;

/** Reads a due date. An empty text is null: an empty date field sends it. Digits beyond milliseconds are cut. */
export const parseDueDate = (text: string): Parsed<DueDate | null> => {
  if (text === '') return { ok: true, value: null };
  const value = isDay(text) ? text : instantIn(text);
  return value !== null && isDueDate(value) ? { ok: true, value } : { ok: false, problem };
};

/** Reads a due date to compare others with: the instant for which it stands. */
export const parseDueBound = (text: string): Parsed<Instant> => {
  const due = parseDueDate(text);
  if (!due.ok) return due;
  const value = due.value === null ? '' : dueInstant(due.value);
  return isInstant(value) ? { ok: true, value } : { ok: false, problem };
};

/** The instant for which a due date stands when it is compared, as `Instant` has it: of a date, its 00:00 UTC. */
export const dueInstant = (due: DueDate): string => (due.length === 10 ? startOf(due) : due);

/** True for the form in which due dates are stored and returned. */
export const isDueDate = (text: string): text is DueDate => isInstant(text) || isDay(text);

const startOf = (day: string): string => `${day}T00:00:00.000Z`;

const isDay = (text: string): boolean => text.length === 10 && isInstant(startOf(text));

/** The instant in UTC, or null. */
const instantIn = (text: string): string | null => {
  const match = dateTime.exec(text);
  if (match === null) return null;
  const [, day = '', hour = '', minute = '', second = '00', fraction = '', sign, hours = '0', minutes = '0'] =
    match;
  if (!isCalendarDay(day)) return null;
  const local = Date.parse(`${day}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}Z`);
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -60_000 : 60_000);
  return new Date(local - offset).toISOString();
};

/** Years outside of 1970 to 9999 are allowed here: with an offset, the instant may be inside. */
const isCalendarDay = (day: string): boolean => {
  const moment = Date.parse(startOf(day));
  return !Number.isNaN(moment) && new Date(moment).toISOString().startsWith(day);
};
