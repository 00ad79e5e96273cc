import { refusedBytes, type RefusedBytes } from '../../support/http/refused-bytes.ts';
import { hostileTexts, itReadsInLinearTime, type Input } from '../../support/linear-reader.ts';
import { incomingIdOf, toParserProblem } from '../../../src/interfaces/http/server/connection-errors.ts';

const read = ({ errors }: RefusedBytes): unknown =>
  errors.map((error) => [toParserProblem(error), incomingIdOf(error)]);

const packets = (begin: string, end: string): Readonly<Record<string, Input<RefusedBytes>>> =>
  Object.fromEntries(
    Object.entries(hostileTexts(begin, end, ['\r\n', '\n', '\r', '\r\n\r\n', '\r\nx-request-id:', '\0'])).map(
      ([name, make]) => [name, (size) => refusedBytes(make(size))],
    ),
  );

describe('a packet that is no HTTP is read in linear time', () => {
  itReadsInLinearTime(
    'with an X-Request-Id that ends in a control character',
    read,
    packets('GET / HTTP/1.1\r\nHost: x\r\nX-Request-Id: ', 'a\u001b'),
  );
  itReadsInLinearTime(
    'with an X-Request-Id of two words',
    read,
    packets('FOO / HTTP/1.1\r\nX-Request-Id: a', 'b\r\n\r\n'),
  );
  itReadsInLinearTime(
    'with an X-Request-Id of two words behind blanks',
    read,
    packets('FOO / HTTP/1.1\r\nX-Request-Id:', 'a b\r\n\r\n'),
  );
  itReadsInLinearTime('with a request line of an unknown method', read, packets('FOO ', ' HTTP/1.1\r\n\r\n'));
  itReadsInLinearTime('with a request line without a target', read, packets('', '\r\n\r\n'));
  itReadsInLinearTime('behind a request that is complete', read, packets('GET / HTTP/1.1\r\n\r\nFOO ', ''));
});
