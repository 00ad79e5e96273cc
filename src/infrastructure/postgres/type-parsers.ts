import type { DriverTypeParser } from 'slonik';

/** Revisions fit a JavaScript number for the first nine quadrillion writes of an owner. */
const int8: DriverTypeParser = { name: 'int8', parse: Number };

/** `2026-11-21 08:00:00.5+00`, as PostgreSQL writes it, to `2026-11-21T08:00:00.500Z`. */
export const toIsoInstant = (text: string): string => {
  // Without a detour over Date where the session is in UTC, as nearly every one is: this runs for every row.
  if (!text.endsWith('+00')) return new Date(text).toISOString();
  const fraction = text.slice(20, -3);
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction.padEnd(3, '0')}Z`;
};

const timestamptz: DriverTypeParser = { name: 'timestamptz', parse: toIsoInstant };

export const typeParsers: readonly DriverTypeParser[] = [int8, timestamptz];
