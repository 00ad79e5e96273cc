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

describe('an error is redacted for the log in linear time', () => {
  itReadsInLinearTime('given a text', (text: string) => redacted(text), hostileTexts('', '', more));
  itReadsInLinearTime('given a secret', (text: string) => redacted(text), hostileTexts('password', '', more));
  itReadsInLinearTime(
    'given a quoted secret',
    (text: string) => redacted(text),
    hostileTexts('token="', '', more),
  );
  itReadsInLinearTime('given a URL', (text: string) => redacted(text), hostileTexts('postgres://', '', more));
  itReadsInLinearTime(
    'given a message, a stack and a cause',
    (text: string) => loggableError(new Error(text, { cause: new Error(text) })),
    hostileTexts('', '', more),
  );
  itReadsInLinearTime(
    'given a log line',
    (text: string) => observe({ type: 'failure', requestId: text, code: 'internal_error', error: text }),
    hostileTexts('', '', more),
  );
});
