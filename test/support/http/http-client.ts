import type { Agent } from 'node:http';
import { request, type IncomingHttpHeaders } from 'node:http';
import { openApiCheck } from './openapi-check.ts';
import { checkContract } from './response-schemas.ts';

/** At most one of `json` and `body` is set. */
export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Sent unchanged, without a Content-Type. */
  readonly body?: string | Uint8Array;
  /** Sent as JSON, with its Content-Type. */
  readonly json?: unknown;
}

export interface Answer {
  readonly status: number;
  /** Keys in lower case; repeated fields are joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly text: string;
}

/**
 * Sends requests. A response that has no end by itself (server-sent events) is closed after the first event. Checks each response against the HTTP contract and `/openapi.json`.
 */
export interface Client {
  send(method: string, target: string, options?: RequestOptions): Promise<Answer>;
  get(target: string, options?: RequestOptions): Promise<Answer>;
  head(target: string, options?: RequestOptions): Promise<Answer>;
  options(target: string, options?: RequestOptions): Promise<Answer>;
  post(target: string, json: unknown, options?: RequestOptions): Promise<Answer>;
  put(target: string, json: unknown, options?: RequestOptions): Promise<Answer>;
  patch(target: string, json?: unknown, options?: RequestOptions): Promise<Answer>;
  delete(target: string, options?: RequestOptions): Promise<Answer>;
}

export interface ClientOptions {
  readonly port: number;
  readonly agent: Agent;
  /** Header fields of every request; the fields of a single request override them. */
  readonly defaultHeaders?: Readonly<Record<string, string>>;
  /** False for a listener that `/openapi.json` does not describe. */
  readonly isDocumented?: boolean;
}

export const createClient = ({
  port,
  agent,
  defaultHeaders = {},
  isDocumented = true,
}: ClientOptions): Client => {
  const send = async (method: string, target: string, options: RequestOptions = {}): Promise<Answer> => {
    const json = options.json === undefined ? {} : { 'content-type': 'application/json' };
    const body = options.json === undefined ? options.body : JSON.stringify(options.json);
    const headers = { ...lowerCased(defaultHeaders), ...json, ...lowerCased(options.headers ?? {}) };
    const checkOpenApi = isDocumented ? await openApiCheck() : null;
    const answer = await exchange({ port, agent, method, path: target, headers }, body);
    checkContract({ method, target }, answer);
    checkOpenApi?.({ method, target }, answer);
    return answer;
  };
  return {
    send,
    get: (target, options) => send('GET', target, options),
    head: (target, options) => send('HEAD', target, options),
    options: (target, options) => send('OPTIONS', target, options),
    post: (target, json, options) => send('POST', target, { ...options, json }),
    put: (target, json, options) => send('PUT', target, { ...options, json }),
    patch: (target, json, options) => send('PATCH', target, { ...options, json }),
    delete: (target, options) => send('DELETE', target, options),
  };
};

interface Exchange {
  readonly port: number;
  readonly agent: Agent;
  readonly method: string;
  /** Sent unchanged: not escaped, dot segments not resolved. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
}

const exchange = (options: Exchange, body: string | Uint8Array | undefined): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const headers =
      'transfer-encoding' in options.headers ? options.headers : { ...length, ...options.headers };
    const sent = request({ ...options, host: '127.0.0.1', headers, signal: AbortSignal.timeout(15_000) });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('error', reject);
      const finish = (): void => {
        const bytes = Buffer.concat(chunks);
        const status = response.statusCode ?? 0;
        resolve({ status, headers: joined(response.headers), body: bytes, text: bytes.toString() });
      };
      const isEndless = response.headers['content-type'] === 'text/event-stream' && options.method !== 'HEAD';
      // The first event may never come where the client already has it.
      const last = 'last-event-id' in options.headers ? 'retry:' : 'data:';
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        if (!isEndless || !Buffer.concat(chunks).includes(last)) return;
        response.destroy();
        finish();
      });
      response.on('end', finish);
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
