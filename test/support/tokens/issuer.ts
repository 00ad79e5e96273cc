import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { JsonWebKey } from 'node:crypto';

/** A server that publishes the key set of an issuer. */
export interface Issuer extends AsyncDisposable {
  /** The URL of the key set. */
  readonly url: string;
  /** The origin of the server; `requestedPaths` shows requests to other paths. */
  readonly origin: string;
  /** The paths of all requests so far. */
  readonly requestedPaths: readonly string[];
  /** The published keys; may be changed at any time. */
  keys: readonly JsonWebKey[];
  /** Replaces the response. Null: responds with the keys. */
  respond: ((response: ServerResponse) => void) | null;
}

export const startIssuer = async (...keys: readonly JsonWebKey[]): Promise<Issuer> => {
  const requestedPaths: string[] = [];
  const server = createServer((request, response) => {
    requestedPaths.push(request.url ?? '');
    if (issuer.respond !== null) issuer.respond(response);
    else response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ keys: issuer.keys }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The issuer has no port');
  const origin = `http://127.0.0.1:${address.port}`;
  const issuer: Issuer = {
    url: `${origin}/jwks.json`,
    origin,
    requestedPaths,
    keys,
    respond: null,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return issuer;
};

/** Failures of an issuer. */
export const closeConnection = (response: ServerResponse): void => void response.socket?.destroy();
export const neverRespond = (): void => undefined;
export const respondWithStatus =
  (status: number, headers: Readonly<Record<string, string>> = {}) =>
  (response: ServerResponse): void =>
    void response.writeHead(status, headers).end('{"keys":[]}');
export const respondWithText =
  (text: string) =>
  (response: ServerResponse): void =>
    void response.writeHead(200, { 'Content-Type': 'application/json' }).end(text);
