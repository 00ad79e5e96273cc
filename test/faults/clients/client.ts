import { Agent, request } from 'node:http';

/** The response to a request; status 0: no response. */
export interface ClientResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly json: unknown;
  /** The body; empty where there is none. */
  readonly text: string;
}

/** A client on one connection, with a timeout of 15 seconds. */
export interface FaultClient {
  /** `ifMatch` is sent as If-Match, `key` as Idempotency-Key. */
  send(
    port: number,
    method: string,
    path: string,
    json?: unknown,
    ifMatch?: string,
    key?: string,
  ): Promise<ClientResponse>;
  close(): void;
}

export const faultClient = (token: string): FaultClient => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    close: () => agent.destroy(),
    send: (port, method, path, json, ifMatch, key) =>
      new Promise((resolve) => {
        const body = json === undefined ? undefined : JSON.stringify(json);
        const headers = {
          authorization: `Bearer ${token}`,
          ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
          ...(key === undefined ? {} : { 'idempotency-key': key }),
          ...(body === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
        };
        const noResponse = (): void => resolve({ status: 0, headers: {}, json: null, text: '' });
        const signal = AbortSignal.timeout(15_000);
        const sent = request(
          { agent, host: '127.0.0.1', port, method, path, headers, signal },
          (response) => {
            const chunks: Buffer[] = [];
            response.on('data', (chunk: Buffer) => chunks.push(chunk));
            response.on('error', noResponse);
            response.on('end', () => {
              const text = Buffer.concat(chunks).toString();
              resolve({
                status: response.statusCode ?? 0,
                headers: response.headers,
                json: parse(text),
                text,
              });
            });
          },
        );
        sent.on('error', noResponse);
        sent.end(body);
      }),
  };
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
