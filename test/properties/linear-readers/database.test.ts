import { classifyError } from '../../../src/infrastructure/postgres/client/connection-failure.ts';
import { typeParsers } from '../../../src/infrastructure/postgres/client/type-parsers.ts';
import { hostileTexts, itReadsInLinearTime } from '../../support/linear-reader.ts';

describe('what PostgreSQL sends is read in linear time:', () => {
  for (const { name, parse } of typeParsers) {
    itReadsInLinearTime(`a ${name}`, parse, hostileTexts());
    itReadsInLinearTime(
      `a ${name} like an instant`,
      parse,
      hostileTexts('2026-11-21 08:00:00', '+00', ['+01:00']),
    );
  }
  itReadsInLinearTime(
    'the message of an error',
    (message: string) => classifyError(new Error(message)),
    hostileTexts('Connection ', '', ['timeout expired ']),
  );
  itReadsInLinearTime(
    'the code of an error',
    (code: string) => classifyError(Object.assign(new Error('failed'), { code })),
    hostileTexts('57', ''),
  );
});
