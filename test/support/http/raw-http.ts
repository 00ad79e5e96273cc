import { connect, type Socket } from 'node:net';
import type { Answer } from './http-client.ts';
import { checkPromises } from './promises.ts';

/** What came back over a connection of one's own. */
export interface Received {
  /** The final answers, in order; interim ones (1xx) are left out, and counted in `interim`. */
  readonly answers: readonly Answer[];
  readonly interim: readonly number[];
  /** Whether the server hung up. */
  readonly closed: boolean;
  /** Everything, as it came. */
  readonly bytes: Buffer;
}

export interface RawOptions {
  /** How many answers to wait for; without it, until the server hangs up. */
  readonly answers?: number;
  /** Of the requests in turn, so that answers without a body are read as such. */
  readonly methods?: readonly string[];
  /** The longest to wait, in milliseconds; what has come by then is the result. */
  readonly deadline?: number;
  /** Called when the bytes are sent, to go on sending. */
  readonly then?: (socket: Socket) => void;
}

/** Sends bytes, a request or none, and returns what comes back. What every answer must have is checked. */
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
          checkPromises({ method: options.methods?.[index] ?? 'GET', target: '(raw)' }, answer);
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
    socket.on('error', () => undefined); // what is left unsent when the server hangs up
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
