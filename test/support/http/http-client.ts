import type { Agent } from 'node:http';
import { request, type IncomingHttpHeaders } from 'node:http';
import { documented } from './documented.ts';
import { checkPromises } from './promises.ts';

/** A request; of `json` and `body` one at most. */
export interface Ask {
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Sent as it is, without a Content-Type. */
  readonly body?: string | Uint8Array;
  /** Sent as JSON, with its Content-Type. */
  readonly json?: unknown;
}

export interface Answer {
  readonly status: number;
  /** By lower-case name; several of one name are joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly text: string;
}

/** Sends requests on behalf of somebody. What every answer must have, and what the document says, is checked on each. */
export interface Client {
  send(method: string, target: string, ask?: Ask): Promise<Answer>;
  get(target: string, ask?: Ask): Promise<Answer>;
  head(target: string, ask?: Ask): Promise<Answer>;
  options(target: string, ask?: Ask): Promise<Answer>;
  post(target: string, json: unknown, ask?: Ask): Promise<Answer>;
  put(target: string, json: unknown, ask?: Ask): Promise<Answer>;
  patch(target: string, json?: unknown, ask?: Ask): Promise<Answer>;
  delete(target: string, ask?: Ask): Promise<Answer>;
}

export interface ClientOptions {
  readonly port: number;
  readonly agent: Agent;
  /** Header fields that are sent with every request; a request's own take their place. */
  readonly standing?: Readonly<Record<string, string>>;
  /** False for a listener that `/openapi.json` does not describe. */
  readonly isDocumented?: boolean;
}

export const createClient = ({ port, agent, standing = {}, isDocumented = true }: ClientOptions): Client => {
  const send = async (method: string, target: string, ask: Ask = {}): Promise<Answer> => {
    const json = ask.json === undefined ? {} : { 'content-type': 'application/json' };
    const body = ask.json === undefined ? ask.body : JSON.stringify(ask.json);
    const headers = { ...lowerCased(standing), ...json, ...lowerCased(ask.headers ?? {}) };
    const checkDocumented = isDocumented ? await documented() : null;
    const answer = await exchange({ port, agent, method, path: target, headers }, body);
    checkPromises({ method, target }, answer);
    checkDocumented?.({ method, target }, answer);
    return answer;
  };
  return {
    send,
    get: (target, ask) => send('GET', target, ask),
    head: (target, ask) => send('HEAD', target, ask),
    options: (target, ask) => send('OPTIONS', target, ask),
    post: (target, json, ask) => send('POST', target, { ...ask, json }),
    put: (target, json, ask) => send('PUT', target, { ...ask, json }),
    patch: (target, json, ask) => send('PATCH', target, { ...ask, json }),
    delete: (target, ask) => send('DELETE', target, ask),
  };
};

interface Options {
  readonly port: number;
  readonly agent: Agent;
  readonly method: string;
  /** Put on the wire as it is: nothing is escaped, and no dots are resolved. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
}

const exchange = (options: Options, body: string | Uint8Array | undefined): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const headers =
      'transfer-encoding' in options.headers ? options.headers : { ...length, ...options.headers };
    const sent = request({ ...options, host: '127.0.0.1', headers, signal: AbortSignal.timeout(15_000) });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('error', reject);
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const status = response.statusCode ?? 0;
        resolve({ status, headers: joined(response.headers), body: bytes, text: bytes.toString() });
      });
    });
    sent.end(body);
  });

const joined = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : String(value),
    ]),
  );

const lowerCased = (
  headers: Readonly<Record<string, string | readonly string[]>>,
): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      typeof value === 'string' ? value : [...value],
    ]),
  );
