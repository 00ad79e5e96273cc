import { refusedBytes, type RefusedBytes } from '../../support/http/refused-bytes.ts';
import { hostileTexts, itReadsInLinearTime, type Input } from '../../support/linear-reader.ts';
import { failedFieldOf, toParserProblem } from '../../../src/interfaces/http/server/connection-errors.ts';

const read = ({ errors }: RefusedBytes): unknown =>
  errors.map((error) => [
    toParserProblem(error),
    failedFieldOf(error, 'x-request-id'),
    failedFieldOf(error, 'origin'),
  ]);

const packets = (begin: string, end: string): Readonly<Record<string, Input<RefusedBytes>>> =>
  Object.fromEntries(
    Object.entries(hostileTexts(begin, end, ['\r\n', '\n', '\r', '\r\n\r\n', '\r\nx-request-id:', '\0'])).map(
      ([name, make]) => [name, (size) => refusedBytes(make(size))],
    ),
  );

describe('a packet that is not HTTP is read in linear time', () => {
  itReadsInLinearTime(
    'given an X-Request-Id that ends in a control character',
    read,
    packets('GET / HTTP/1.1\r\nHost: x\r\nX-Request-Id: ', 'a\u001b'),
  );
  itReadsInLinearTime(
    'given an X-Request-Id of two words',
    read,
    packets('FOO / HTTP/1.1\r\nX-Request-Id: a', 'b\r\n\r\n'),
  );
  itReadsInLinearTime(
    'given an X-Request-Id of two words after blanks',
    read,
    packets('FOO / HTTP/1.1\r\nX-Request-Id:', 'a b\r\n\r\n'),
  );
  itReadsInLinearTime(
    'given a request line with an unknown method',
    read,
    packets('FOO ', ' HTTP/1.1\r\n\r\n'),
  );
  itReadsInLinearTime('given a request line without a target', read, packets('', '\r\n\r\n'));
  itReadsInLinearTime(
    'given bytes after a complete request',
    read,
    packets('GET / HTTP/1.1\r\n\r\nFOO ', ''),
  );
});
