import { authenticate } from '../../../src/interfaces/http/middleware/authenticate.ts';
import { validateRequest } from '../../../src/interfaces/http/middleware/validate-request.ts';
import { isLocalPageLoad } from '../../../src/interfaces/http/docs/local-page-load.ts';
import { matchesEntityTag, readIfMatch } from '../../../src/interfaces/http/routing/entity-tag.ts';
import { readOptionalJson } from '../../../src/interfaces/http/request/body-parser.ts';
import { readIdempotencyKey } from '../../../src/interfaces/http/request/idempotency-key.ts';
import { acceptedType } from '../../../src/interfaces/http/request/accepted-type.ts';
import { requestIdOf } from '../../../src/interfaces/http/request/request-id.ts';
import { httpContext, runMiddleware } from '../../support/http/http-context.ts';
import { hostileTexts, itReadsInLinearTime } from '../../support/linear-reader.ts';

const authenticated = authenticate(
  { verify: () => Promise.resolve({ outcome: 'refused', reason: 'not a token' }) },
  () => undefined,
);

const headers: readonly (readonly [
  name: string,
  read: (value: string) => unknown,
  begin: string,
  end: string,
])[] = [
  ['X-Request-Id', requestIdOf, '', '\u001b'],
  [
    'Authorization',
    (value) => runMiddleware(authenticated, httpContext({ headers: { authorization: value } })),
    '',
    '',
  ],
  [
    'Authorization with the scheme Bearer',
    (value) => runMiddleware(authenticated, httpContext({ headers: { authorization: value } })),
    'Bearer ',
    ' x',
  ],
  ['Host', (value) => isLocalPageLoad(httpContext({ headers: { host: value } }).req), 'localhost:1', 'x'],
  ['If-Match', readIfMatch, '', 'x'],
  ['If-Match that starts with a tag', readIfMatch, '"1"', 'x'],
  ['Idempotency-Key', readIdempotencyKey, '', ' '],
  ['Idempotency-Key with an open quote', readIdempotencyKey, '"', ''],
  ['Idempotency-Key as a quoted string', readIdempotencyKey, '"', '"x'],
  ['If-None-Match', (value) => matchesEntityTag(value, 'W/"1-a"'), '', 'x'],
  ['If-None-Match that starts with a tag', (value) => matchesEntityTag(value, 'W/"1-a"'), 'W/"1"', 'x'],
  [
    'Expect',
    (value) => runMiddleware(validateRequest, httpContext({ headers: { expect: value } })),
    '100-continue',
    'x',
  ],
  ['Accept', (value) => accepted(value), '', 'x'],
  ['Accept with an open quote', (value) => accepted(value), 'application/json;a="', ''],
  ['Accept that starts with a quote', (value) => accepted(value), '"', ''],
  ['Content-Type', (value) => json(value), '', 'x'],
  ['Content-Type of JSON', (value) => json(value), 'application/json', 'x'],
  ['Content-Type with a charset', (value) => json(value), 'application/json;charset=', 'x'],
];

const accepted = (accept: string) => acceptedType(httpContext({ headers: { accept } }), ['application/json']);
const json = (type: string) => readOptionalJson(httpContext({ headers: { 'content-type': type } }));

describe('a header field is read in linear time', () => {
  for (const [name, read, begin, end] of headers)
    itReadsInLinearTime(
      `given ${name}`,
      read,
      hostileTexts(begin, end, ['W/"1", ', '*/*,', '; charset=', '\u00e9', '\\\\', '\\"']),
    );
});
