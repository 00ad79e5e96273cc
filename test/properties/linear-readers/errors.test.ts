import { jsonLog } from '../../../src/infrastructure/observability/json-log.ts';
import { loggableError, redacted } from '../../../src/infrastructure/observability/loggable-error.ts';
import { hostileTexts, itReadsInLinearTime } from '../../support/linear-reader.ts';

const more = [
  'a://',
  '://',
  "'",
  'eyJ',
  'eyJ-',
  'eyJ.',
  'password',
  'password=',
  'password="',
  `password='"`,
  'token: ',
  'authorization=Bearer ',
  '\n',
  '\n at ',
  '\u00fc',
];
const observe = jsonLog('info', { write: () => undefined });

describe('an error is made ready for the log in linear time:', () => {
  itReadsInLinearTime('a text', (text: string) => redacted(text), hostileTexts('', '', more));
  itReadsInLinearTime('a secret', (text: string) => redacted(text), hostileTexts('password', '', more));
  itReadsInLinearTime('a quoted secret', (text: string) => redacted(text), hostileTexts('token="', '', more));
  itReadsInLinearTime('a URL', (text: string) => redacted(text), hostileTexts('postgres://', '', more));
  itReadsInLinearTime(
    'a message, a stack and a cause',
    (text: string) => loggableError(new Error(text, { cause: new Error(text) })),
    hostileTexts('', '', more),
  );
  itReadsInLinearTime(
    'a line of the log',
    (text: string) => observe({ type: 'failure', requestId: text, code: 'internal_error', error: text }),
    hostileTexts('', '', more),
  );
});
