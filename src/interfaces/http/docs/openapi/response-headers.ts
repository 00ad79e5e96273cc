import type { oas31 } from 'zod-openapi';
import { acceptableId } from '../../request/request-id.ts';

const text = (description: string, example: string): oas31.HeaderObject => ({
  description,
  required: true,
  schema: { type: 'string' },
  example,
});

export const exampleRequestId = '4be05af4-7c5c-4d1c-9b4f-1d5d4a6f3f0e';

/** All response header fields, by name. Those that not every response has are not `required`. */
export const responseHeaders = {
  'X-Request-Id': {
    ...text('The id of the request: yours, or a new one.', exampleRequestId),
    schema: { type: 'string', pattern: acceptableId.source },
  },
  Vary: text('The request header fields that the response depends on.', 'Origin, Authorization'),
  'Cache-Control': text('The caching rules (RFC 9111).', 'private, no-cache'),
  ETag: text('The entity tag of the representation, for `If-Match` and `If-None-Match`.', '"41"'),
  Location: text(
    'The path of the new task, or of the page to read.',
    '/api/tasks/0199f0c2-7a51-7cc4-b1de-93d5e1a3c0aa',
  ),
  Link: {
    ...text(
      'Other pages (RFC 8288): `next`, absent on the last; with `offset` or `page` also `prev` and `first`.',
      '</api/tasks?cursor=YWxs>; rel="next"',
    ),
    required: false,
  },
  'X-Total-Count': {
    ...text('With `count=true`: the number of all tasks that meet the filter, on all pages.', '57'),
    required: false,
    schema: { type: 'integer', minimum: 0 },
    example: 57,
  },
  'Idempotent-Replayed': {
    ...text(
      'Repeats the response to an earlier request with the same `Idempotency-Key`; nothing was done.',
      'true',
    ),
    required: false,
    schema: { type: 'string', const: 'true' },
  },
  'Content-Disposition': text(
    'The name of the file to store (RFC 6266).',
    'attachment; filename="taskhold-export.json"',
  ),
  Allow: text('The methods that this path has.', 'GET, HEAD, OPTIONS, POST'),
  'WWW-Authenticate': text('How to authenticate (RFC 6750).', 'Bearer realm="taskhold"'),
  'Retry-After': {
    ...text('How many seconds to wait.', '1'),
    schema: { type: 'integer', minimum: 0 },
    example: 1,
  },
  RateLimit: {
    ...text('What is left of the quota, and when it is full again.', '"default";r=299;t=60'),
    required: false,
  },
  'RateLimit-Policy': {
    ...text('The quota of a user.', '"default";q=300;w=60'),
    required: false,
  },
} as const satisfies oas31.HeadersObject;

export type HeaderName = keyof typeof responseHeaders;

/** Header fields of every response. */
const always = ['X-Request-Id', 'Vary', 'Cache-Control'] as const;

/** References to these header fields and to those of every response. */
export const headersOf = (...names: readonly HeaderName[]): oas31.HeadersObject =>
  Object.fromEntries([...always, ...names].map((name) => [name, { $ref: `#/components/headers/${name}` }]));
