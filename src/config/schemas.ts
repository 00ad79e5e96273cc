import { isIP } from 'node:net';
import { z } from 'zod';
import { parseRange } from '../interfaces/http/request/address-range.ts';

/** A number of decimal digits only, from `min` to `max`. */
export const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, { error: `must be a whole number from ${min} to ${max}`, abort: true })
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be a whole number from ${min} to ${max}`);

export const count = (fallback: number, min: number, max: number) => wholeNumber(min, max).default(fallback);

export const flag = z
  .enum(['true', 'false'], { error: 'must be true or false' })
  .transform((value) => value === 'true');

/** The secret of HS256: at least 32 bytes (RFC 7518, section 3.2). */
export const secret = z
  .string()
  .refine(
    (value) => Buffer.byteLength(value) >= 32,
    'must have at least 32 bytes (openssl rand -base64 32 makes one)',
  );

/** Words separated by commas. Surrounding spaces and empty words are ignored. */
export const words = z.string().transform((value) =>
  value
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== ''),
);

/** Whether the text is an origin as browsers send it (RFC 6454, section 6.2). Must be exact: it is compared as a string. */
const isOrigin = (text: string): boolean => {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === text && !text.includes('*');
};

/** Origins for CORS. A wildcard is refused, because browsers refuse it for requests with credentials. */
export const origins = words.refine((list) => list.every(isOrigin), {
  error:
    'must be origins such as https://app.example.com, exact (no path, no slash at the end, no *), separated by commas',
});

/** IP addresses and ranges, separated by commas. Errors name the position of an entry, not its value. */
export const addressRanges = words.transform((list, context) =>
  list.flatMap((entry, index) => {
    const range = parseRange(entry);
    if (range !== null) return [range];
    context.addIssue({
      code: 'custom',
      message: `entry ${index + 1} must be an IP address or a range such as 10.0.0.0/8 or 2001:db8::/32`,
    });
    return [];
  }),
);

/** An IP address or a host name. The brackets of `[::1]` are cut. */
export const listenHost = z
  .string()
  .transform((text) => text.replace(/^\[([\da-f:.]+)\]$/i, '$1'))
  .refine(
    (host) => isIP(host) !== 0 || (/^[\w.-]+$/.test(host) && !/^\d+$/.test(host.split('.').at(-1) ?? '')),
    'must be an IP address or a host name, without a port (all addresses: 0.0.0.0 or ::)',
  );

/** The path of a file that the value of another variable is in, which `secret-files.ts` reads. */
export const secretFile = (name: string) =>
  z
    .string()
    .optional()
    .describe(
      `Path of a UTF-8 file with the value of \`${name}\` (container secrets). One line end at its end is cut. Refused together with \`${name}\``,
    );
