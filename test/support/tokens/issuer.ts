import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { JsonWebKey } from 'node:crypto';

/** An issuer's key set on a server of its own. */
export interface Issuer extends AsyncDisposable {
  /** Where its key set is. */
  readonly url: string;
  /** Where anything else would be; `asked` tells whether it was. */
  readonly origin: string;
  /** The path of every request so far. */
  readonly asked: readonly string[];
  /** What it publishes; may be changed at any time. */
  keys: readonly JsonWebKey[];
  /** How it answers: with its keys, or in a way of the test's. */
  answer: ((response: ServerResponse) => void) | null;
}

export const startIssuer = async (...keys: readonly JsonWebKey[]): Promise<Issuer> => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (issuer.answer !== null) issuer.answer(response);
    else response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ keys: issuer.keys }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The issuer listens nowhere');
  const origin = `http://127.0.0.1:${address.port}`;
  const issuer: Issuer = {
    url: `${origin}/jwks.json`,
    origin,
    asked,
    keys,
    answer: null,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return issuer;
};

/** Ways in which an issuer is of no use. */
export const hangUp = (response: ServerResponse): void => void response.socket?.destroy();
export const sayNothing = (): void => undefined;
export const sayStatus =
  (status: number, headers: Readonly<Record<string, string>> = {}) =>
  (response: ServerResponse): void =>
    void response.writeHead(status, headers).end('{"keys":[]}');
export const sayText =
  (text: string) =>
  (response: ServerResponse): void =>
    void response.writeHead(200, { 'Content-Type': 'application/json' }).end(text);
