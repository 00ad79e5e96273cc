import { z } from 'zod';
import type { PublicUrl } from '../interfaces/http/routing/public-url.ts';

const example = 'such as https://example.com or https://example.com/todo';

/** An http or https URL with an optional path. White space around it and a slash at its end are cut. */
export const publicUrl = z
  .string()
  .transform((text, context): PublicUrl => {
    const found = parsePublicUrl(text.trim());
    if (typeof found !== 'string') return found;
    context.addIssue({ code: 'custom', message: `${found}, ${example}` });
    return z.NEVER;
  })
  .optional()
  .describe(
    'URL at which clients see the service, such as `https://example.com/todo`. The proxy removes the path from requests; the ' +
      'service puts it before every address that it sends. Unset: clients see the service at the root of the proxy',
  );

/** The parts of the URL, or what is wrong with it, without its value. */
const parsePublicUrl = (text: string): PublicUrl | string => {
  // `URL` reads these silently as something else.
  const url = /[\p{Cc}\s\\]/u.test(text) ? null : URL.parse(text);
  if (url === null || !/^https?:\/\/[^/]/i.test(text)) return 'must be an http(s) URL';
  if (url.username !== '' || url.password !== '') return 'must not have a user name or password in it';
  if (/[?#]/.test(text)) return 'must not have a query or a fragment';
  const path = url.pathname.replace(/\/$/, '');
  // A path such as `//x` in `Location` would name another host (RFC 3986, section 4.2).
  if (path.includes('//') || path.endsWith('/')) return 'must not have an empty segment in its path';
  if (/%(?![\da-f]{2})/i.test(path)) return 'must not have a broken percent-escape';
  return { origin: url.origin, path };
};
