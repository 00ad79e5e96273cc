import { connect, type Socket } from 'node:net';
import type { Answer } from './http-client.ts';
import { checkContract } from './response-schemas.ts';

/** What the server sent over one connection. */
export interface Received {
  /** The final responses, in order. */
  readonly answers: readonly Answer[];
  /** The statuses of the interim responses (1xx), in order. */
  readonly interim: readonly number[];
  /** Whether the server closed the connection. */
  readonly closed: boolean;
  /** All received bytes. */
  readonly bytes: Buffer;
}

export interface RawOptions {
  /** The number of responses to wait for. Unset: waits until the server closes the connection. */
  readonly answers?: number;
  /** The methods of the requests, in order, so that responses to HEAD are parsed without a body. */
  readonly methods?: readonly string[];
  /** The longest wait in milliseconds; then returns what was received. */
  readonly deadline?: number;
  /** Called after the bytes are sent, to send more or to close. */
  readonly then?: (socket: Socket) => void;
}

/** Sends bytes, valid HTTP or not, and returns the responses. Checks each response against the contract. */
export const sendRaw = (
  port: number,
  bytes: string | Uint8Array,
  options: RawOptions = {},
): Promise<Received> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1');
    const finish = (closed: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      try {
        const received = parse(Buffer.concat(chunks), options.methods ?? [], closed);
        for (const [index, answer] of received.answers.entries())
          checkContract({ method: options.methods?.[index] ?? 'GET', target: '(raw)' }, answer);
        resolve(received);
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    const timer = setTimeout(() => finish(false), options.deadline ?? 5_000);
    socket.on('connect', () => socket.write(bytes, () => options.then?.(socket)));
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (options.answers === undefined) return;
      if (count(Buffer.concat(chunks), options.methods ?? []) >= options.answers) finish(false);
    });
    socket.on('error', () => undefined); // unsent bytes when the server closes the connection
    socket.on('close', () => finish(true));
  });

const count = (bytes: Buffer, methods: readonly string[]): number =>
  parse(bytes, methods, false).answers.length;

const parse = (bytes: Buffer, methods: readonly string[], closed: boolean): Received => {
  const answers: Answer[] = [];
  const interim: number[] = [];
  let rest = bytes;
  for (;;) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) break;
    const [statusLine = '', ...lines] = rest.subarray(0, end).toString('latin1').split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1] ?? Number.NaN);
    if (Number.isNaN(status)) throw new Error(`No status line: ${statusLine.slice(0, 200)}`);
    rest = rest.subarray(end + 4);
    if (status < 200) {
      interim.push(status);
      continue;
    }
    const headers = toHeaders(lines);
    const bodiless = methods[answers.length] === 'HEAD' || status === 204 || status === 304;
    const length = bodiless ? 0 : Number(headers['content-length'] ?? rest.length);
    if (rest.length < length) break;
    const body = rest.subarray(0, length);
    rest = rest.subarray(length);
    answers.push({ status, headers, body, text: body.toString() });
  }
  return { answers, interim, closed, bytes };
};

const toHeaders = (lines: readonly string[]): Record<string, string> => {
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return headers;
};
