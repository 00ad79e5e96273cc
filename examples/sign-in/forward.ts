import { Agent, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';

export interface ForwardOptions {
  /** The URL of Taskhold. */
  readonly target: string;
  /** How long Taskhold may take until its response begins, in milliseconds: longer than its own request timeout. */
  readonly responseTimeoutMs: number;
}

/** `unavailable`: nothing was done. `outcome_unknown`: the write may have been done. */
export type ForwardFailure = 'unavailable' | 'outcome_unknown';

/** These are about one connection (RFC 9110, section 7.6.1), and a proxy does not pass them on. */
const ofConnection = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade'];

/** Where `Connection` names one of these, it is passed on nevertheless: without it the body would be read as a request. */
const ofMessage = ['content-length', 'transfer-encoding', 'host'];

const safeMethods = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Sends a request on to Taskhold, and its response back, both as they come: event streams are not held back. Calls
 * `fail` where no response of Taskhold begins.
 */
export const forwardTo = ({ target, responseTimeoutMs }: ForwardOptions) => {
  const { hostname, port } = new URL(target);
  const agent = new Agent({ keepAlive: true });
  return (request: IncomingMessage, response: ServerResponse, fail: (code: ForwardFailure) => void): void => {
    const { method = 'GET', url = '/' } = request;
    const headers = passedOn(request.rawHeaders);
    const sent = send({ agent, host: hostname, port, method, path: url, headers });
    let isConnected = false;
    let hasResponse = false;
    const timer = setTimeout(() => sent.destroy(new Error('Taskhold does not respond')), responseTimeoutMs);
    sent.on('socket', (socket) => {
      if (socket.connecting) socket.once('connect', () => (isConnected = true));
      else isConnected = true;
    });
    // A client that leaves ends its request, such as an event stream.
    response.on('close', () => {
      clearTimeout(timer);
      sent.destroy();
    });
    sent.on('error', () => {
      clearTimeout(timer);
      // A response that has begun is passed on, also where the rest of the upload is not taken any more.
      if (hasResponse) return;
      fail(isConnected && !safeMethods.includes(method) ? 'outcome_unknown' : 'unavailable');
    });
    sent.on('response', (answer) => {
      clearTimeout(timer);
      hasResponse = true;
      // The rest of an upload is read and dropped, so that its client gets to read the response.
      if (!request.complete) request.unpipe(sent).resume();
      // The response gets a framing of its own.
      const fields = passedOn(answer.rawHeaders, 'transfer-encoding');
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, fields).flushHeaders();
      pipeline(answer, response, () => undefined);
    });
    request.pipe(sent);
  };
};

/** Names and values in turn, without those of the connection. */
const passedOn = (fields: readonly string[], ...others: readonly string[]): string[] => {
  const pairs = fields.flatMap((name, index) =>
    index % 2 === 0 ? [[name, fields[index + 1] ?? ''] as const] : [],
  );
  const named = pairs
    .filter(([name]) => name.toLowerCase() === 'connection')
    .flatMap(([, value]) => value.toLowerCase().split(','))
    .map((name) => name.trim())
    .filter((name) => !ofMessage.includes(name));
  const dropped = new Set([...ofConnection, ...named, ...others]);
  return pairs.filter(([name]) => !dropped.has(name.toLowerCase())).flat();
};
