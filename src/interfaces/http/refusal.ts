import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { earlyRefusal, HttpProblem, problemBody, problemMediaType } from './problem.ts';
import type { HeaderFields } from './security-headers.ts';

/** Answers on the bare connection, in the form of every other answer, and hangs up. */
export const refuse = (
  socket: Duplex,
  problem: HttpProblem,
  headers: HeaderFields,
  requestId: string,
): void => {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = problemBody(problem, requestId);
  const fields: HeaderFields = [
    ...headers,
    ['Date', new Date().toUTCString()],
    ['X-Request-Id', requestId],
    ['Vary', 'Origin'],
    ['Cache-Control', 'no-store'],
    ['Content-Type', problemMediaType],
    ['Content-Length', String(Buffer.byteLength(body))],
    ['Connection', 'close'],
  ];
  const head = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.end(`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}\r\n${head}\r\n${body}`);
  // What still comes is read and thrown away for a moment: closing at once would reset the connection, and with it
  // the answer. Nothing keeps the process from ending meanwhile.
  socket.resume();
  setTimeout(() => socket.destroy(), 1_000).unref();
};

/** What Node tells of bytes that it could not read: how far it got in the packet it read last. */
export type ParserError = NodeJS.ErrnoException & {
  readonly rawPacket?: Buffer;
  readonly bytesParsed?: number;
};

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const requestLine = new RegExp(`^${token} \\S+ HTTP/\\d\\.\\d\\r?$`);
const beginningOfRequestLine = new RegExp(`^${token} \\S`);

/** What is wrong; null where nobody is left to hear it. */
export const toParserProblem = (error: ParserError): HttpProblem | null => {
  switch (error.code ?? '') {
    case 'ECONNRESET':
    case 'EPIPE':
      return null;
    case 'HPE_HEADER_OVERFLOW':
      return beginningOfRequestLine.test(lineOf(error))
        ? earlyRefusal(414)
        : new HttpProblem('headers_too_large', 'The header fields may have 16 KiB together.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return earlyRefusal(408);
    case 'HPE_INVALID_METHOD':
      return requestLine.test(lineOf(error))
        ? earlyRefusal(501)
        : new HttpProblem('malformed_request', 'This is no HTTP request.');
    case 'HPE_INVALID_VERSION':
    case 'HPE_PAUSED_H2_UPGRADE':
      return earlyRefusal(505);
    default:
      return new HttpProblem('malformed_request', 'The request is not well-formed HTTP.');
  }
};

/** The line in which reading ended. */
const lineOf = ({ rawPacket, bytesParsed = 0 }: ParserError): string => {
  const text = rawPacket?.toString('latin1') ?? '';
  const start = bytesParsed === 0 ? 0 : text.lastIndexOf('\n', bytesParsed - 1) + 1;
  const end = text.indexOf('\n', start);
  return text.slice(start, end < 0 ? text.length : end);
};

/** The X-Request-Id among the header fields that could not be read, where there is exactly one; else nothing. */
export const incomingIdOf = ({ rawPacket, bytesParsed = 0 }: ParserError): string => {
  const text = rawPacket?.toString('latin1') ?? '';
  const start = bytesParsed < 4 ? 0 : Math.max(0, text.lastIndexOf('\r\n\r\n', bytesParsed - 4));
  const end = text.indexOf('\r\n\r\n', start + 1);
  const fields = text.slice(start, end < 0 ? text.length : end + 2);
  const [id, ...others] = fields.matchAll(/\r\nx-request-id:[ \t]*([^\r\n]*?)[ \t]*(?=\r\n)/gi);
  return others.length === 0 ? (id?.[1] ?? '') : '';
};
