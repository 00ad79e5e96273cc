import type { Branded } from './brand.ts';

/** RFC 3339 in UTC with milliseconds and `Z`, so that the order of the text is the order of time. */
export type Instant = Branded<string, 'Instant'>;

// Every month has the days 1 to 28. The other days are rare, and also checked against the calendar.
const commonDay =
  /^(?:19[7-9]\d|[2-9]\d{3})-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3])(?::[0-5]\d){2}\.\d{3}Z$/;
const lateDay = /^(?:19[7-9]\d|[2-9]\d{3})-\d\d-(?:29|3[01])/;

/** True for a time from 1970 to 9999 in the one format of {@link Instant}. Runs for every row read. */
export const isInstant = (text: string): text is Instant =>
  commonDay.test(text) || (lateDay.test(text) && isOnCalendar(text));

const isOnCalendar = (text: string): boolean => {
  const moment = Date.parse(text);
  return !Number.isNaN(moment) && new Date(moment).toISOString() === text;
};
