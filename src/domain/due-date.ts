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
  /^\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?$/i;
const offset = /Z|[+-]\d\d:/i;

/** Reads a due date. An empty text is null: an empty date field sends it. Digits beyond milliseconds are cut. */
export const parseDueDate = (text: string): Parsed<DueDate | null> => {
  if (text === '') return { ok: true, value: null };
  const value = inUtc(text);
  return isDueDate(value) ? { ok: true, value } : { ok: false, problem };
};

/** Reads a due date to compare others with: the instant for which it stands. */
export const parseDueBound = (text: string): Parsed<Instant> => {
  const due = parseDueDate(text);
  if (!due.ok) return due;
  const value = due.value === null ? text : dueInstant(due.value);
  return isInstant(value) ? { ok: true, value } : { ok: false, problem };
};

/** The instant for which a due date stands when it is compared, as `Instant` has it: of a date, its 00:00 UTC. */
export const dueInstant = (due: DueDate): string => (due.length === 10 ? startOf(due) : due);

/** True for the form in which due dates are stored and returned. */
export const isDueDate = (text: string): text is DueDate => isInstant(text) || isDay(text);

const startOf = (day: string): string => `${day}T00:00:00.000Z`;

const isDay = (text: string): boolean => isInstant(startOf(text));

/**
 * The instant of a date and time; any other text as it is. `Date` takes a time without an offset as local time, and cuts
 * digits beyond milliseconds.
 */
const inUtc = (text: string): string =>
  dateTime.test(text) && isCalendarDay(text.slice(0, 10))
    ? new Date((offset.test(text) ? text : `${text}Z`).toUpperCase()).toISOString()
    : text;

/** Years outside of 1970 to 9999 are allowed here: with an offset, the instant may be inside. */
const isCalendarDay = (day: string): boolean => {
  const moment = Date.parse(startOf(day));
  return !Number.isNaN(moment) && new Date(moment).toISOString().startsWith(day);
};
