import { z } from 'zod';

/** A URL that the client of Redis reads completely: what it would ignore, or fail on at the start, is refused. */
export const redisUrl = z
  .string()
  .superRefine((text, context) => {
    const problem = redisUrlProblem(text);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  })
  .optional()
  .describe('URL of Redis, for rate limits that instances share. Unset: each instance counts separately');

/** What is wrong with the URL, without its value. */
const redisUrlProblem = (text: string): string | null => {
  if (!/^rediss?:\/\//i.test(text)) return 'must be a redis:// or rediss:// URL';
  const url = URL.parse(text);
  if (url === null) return `must be a redis:// or rediss:// URL with a host${encode}`;
  if (url.hostname === '') return 'must have a host, such as redis://localhost:6379';
  if (/[?#]/.test(text)) return `must not have a query or a fragment${encode}`;
  if (!/^(?:\/\d{0,9})?$/.test(url.pathname))
    return `must have no path but the number of a database, such as /0${encode}`;
  return [url.username, url.password].every(isDecodable)
    ? null
    : 'must have a percent-encoded user and password: write % as %25';
};

const encode = '; special characters in a password must be percent-encoded';

const isDecodable = (text: string): boolean => {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
};
