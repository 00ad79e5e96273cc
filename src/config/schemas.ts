import { z } from 'zod';

/** Decimal digits alone, within these bounds. */
export const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, { error: `must be a whole number from ${min} to ${max}`, abort: true })
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be a whole number from ${min} to ${max}`);

export const count = (fallback: number, min: number, max: number) => wholeNumber(min, max).default(fallback);

/** Words separated by commas; spaces around them and empty ones do not count. */
export const words = z.string().transform((value) =>
  value
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== ''),
);

/** Whether a text is an origin as browsers send it (RFC 6454, section 6.2): compared as it is, so it must be exact. */
const isOrigin = (text: string): boolean => {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === text && !text.includes('*');
};

/** Origins for CORS. A wildcard is none: a browser refuses it where credentials are allowed. */
export const origins = words.refine((list) => list.every(isOrigin), {
  error:
    'must be origins such as https://app.example.com, exact (no path, no slash at the end, no *), separated by commas',
});
