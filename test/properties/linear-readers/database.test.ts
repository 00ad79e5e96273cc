import { classifyError } from '../../../src/infrastructure/postgres/client/connection-failure.ts';
import { toIsoInstant } from '../../../src/infrastructure/postgres/client/type-parsers.ts';
import { hostileTexts, itReadsInLinearTime } from '../../support/linear-reader.ts';

describe('values and errors of PostgreSQL are read in linear time', () => {
  itReadsInLinearTime('given a timestamptz', toIsoInstant, hostileTexts());
  itReadsInLinearTime(
    'given a timestamptz similar to a timestamp',
    toIsoInstant,
    hostileTexts('2026-11-21 08:00:00', '+00', ['+01:00']),
  );
  itReadsInLinearTime(
    'given an error message',
    (message: string) => classifyError(new Error(message)),
    hostileTexts('Connection ', '', ['timeout expired ']),
  );
  itReadsInLinearTime(
    'given an error code',
    (code: string) => classifyError(Object.assign(new Error('failed'), { code })),
    hostileTexts('57', ''),
  );
});
