import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { details } from '../problems/catalogue.ts';
import { preRoutingProblem, HttpProblem, problemBody, problemMediaType } from '../problems/problem.ts';
import type { HeaderFields } from '../middleware/security-headers.ts';

/** Writes a problem response directly to the connection, with these header fields and those of all problems, and closes it. */
export const closeWithProblem = (
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
  // Further input is discarded for 1 s: closing at once would reset the connection, and the client could lose the response.
  socket.resume();
  setTimeout(() => socket.destroy(), 1_000).unref();
};

/** An error of Node's HTTP parser, with the packet that it could not parse. */
export type ParserError = NodeJS.ErrnoException & {
  readonly rawPacket?: Buffer;
  /** The offset in the packet at which parsing stopped, in bytes. */
  readonly bytesParsed?: number;
};

const token = "[!#$%&'*+.^`|~\\w-]+";
const requestLine = new RegExp(`^${token} \\S+ HTTP/\\d\\.\\d\\r?$`);
const beginningOfRequestLine = new RegExp(`^${token} \\S`);

/** The problem to answer with; null where the client has closed the connection. */
export const toParserProblem = (error: ParserError): HttpProblem | null => {
  switch (error.code ?? '') {
    case 'ECONNRESET':
    case 'EPIPE':
      return null;
    case 'HPE_HEADER_OVERFLOW':
      return beginningOfRequestLine.test(failedLine(error))
        ? preRoutingProblem(414)
        : new HttpProblem('headers_too_large', details.headers_too_large);
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return preRoutingProblem(408);
    case 'HPE_INVALID_METHOD':
      return requestLine.test(failedLine(error))
        ? preRoutingProblem(501)
        : new HttpProblem('malformed_request', 'This is not an HTTP request.');
    case 'HPE_INVALID_VERSION':
    case 'HPE_PAUSED_H2_UPGRADE':
      return preRoutingProblem(505);
    default:
      return new HttpProblem('malformed_request', 'The request is not well-formed HTTP.');
  }
};

/** Maximum number of bytes of a packet that are searched. Node's packets have the same limit, but it is not documented. */
const maxReadBytes = 64 * 1024;

/** The line in which parsing stopped. */
const failedLine = ({ rawPacket = nothing, bytesParsed = 0 }: ParserError): string => {
  const start = bytesParsed === 0 ? 0 : rawPacket.lastIndexOf('\n', bytesParsed - 1) + 1;
  const text = rawPacket.toString('latin1', start, start + maxReadBytes);
  const end = text.indexOf('\n');
  return end < 0 ? text : text.slice(0, end);
};

// Anchored, and no two quantifiers share a character: linear in the length of the line.
const valueOfLine = /^:[ \t]*([^ \t\r\n]+)[ \t]*$/;

/** The value of a header field of the request that could not be parsed, if it has exactly one; otherwise the empty string. */
export const failedFieldOf = (error: ParserError, name: ReadableField): string => {
  const isField = (line: string): boolean => line.slice(0, name.length + 1).toLowerCase() === `${name}:`;
  const [line = '', ...others] = failedFields(error).filter(isField);
  return others.length === 0 ? (valueOfLine.exec(line.slice(name.length))?.[1] ?? '') : '';
};

/** The header fields, in lower case, that the response to a request that is not routed depends on. */
export type ReadableField = 'origin' | 'x-request-id';

/** The complete header lines of the request in which parsing stopped. */
const failedFields = ({ rawPacket = nothing, bytesParsed = 0 }: ParserError): readonly string[] => {
  const start = bytesParsed < 4 ? 0 : Math.max(0, rawPacket.lastIndexOf('\r\n\r\n', bytesParsed - 4));
  const text = rawPacket.toString('latin1', start, start + maxReadBytes);
  const end = text.indexOf('\r\n\r\n', 1);
  return (end < 0 ? text : text.slice(0, end + 2)).split('\r\n').slice(1, -1);
};

const nothing = Buffer.alloc(0);
