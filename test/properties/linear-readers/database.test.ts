import { classifyError } from '../../../src/infrastructure/postgres/client/connection-failure.ts';
import { typeParsers } from '../../../src/infrastructure/postgres/client/type-parsers.ts';
import { hostileTexts, itReadsInLinearTime } from '../../support/linear-reader.ts';

describe('values and errors of PostgreSQL are read in linear time', () => {
  for (const { name, parse } of typeParsers) {
    itReadsInLinearTime(`given a ${name}`, parse, hostileTexts());
    itReadsInLinearTime(
      `given a ${name} similar to a timestamp`,
      parse,
      hostileTexts('2026-11-21 08:00:00', '+00', ['+01:00']),
    );
  }
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
