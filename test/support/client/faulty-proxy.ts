import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import { listening } from '../http/listening.ts';

/** What happens to one request. */
export type Fault =
  /** The service does its work; the client never gets the response. */
  | 'lose the response'
  /** The connection breaks before the service gets the request. */
  | 'refuse the connection'
  /** The connection breaks in the middle of the body. */
  | 'cut the body'
  /** There is no response at all, and the connection stays open. */
  | 'hang'
  /** The response is held back until it is complete, as by a proxy that buffers; a stream never is. */
  | 'buffer'
  /** Responded by the proxy; the service does not get the request. */
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: object | string;
    };

interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** When it arrived, in milliseconds of `performance.now()`. */
  readonly at: number;
}

/** An HTTP proxy between a client and the service. */
export interface FaultyProxy extends AsyncDisposable {
  readonly url: string;
  /** All requests so far. */
  readonly seen: readonly SeenRequest[];
  /** The next requests whose method and path, such as `GET /api/me`, include this text meet these faults, one each. */
  next(text: string, ...faults: readonly Fault[]): void;
  /** Until the returned function is called, every such request meets the fault. */
  always(text: string, fault: Fault): () => void;
  /** Breaks every connection. */
  drop(): void;
  /** From now on nothing more arrives on open streams; they stay open. */
  stall(): void;
  /** How many responses are not ended. */
  open(): number;
}

export const startFaultyProxy = async (port: number): Promise<FaultyProxy> => {
  const undo = new AsyncDisposableStack();
  const seen: SeenRequest[] = [];
  const planned: { readonly text: string; readonly faults: Fault[]; readonly isLasting: boolean }[] = [];
  const responses = new Set<ServerResponse>();
  const sources = new Set<IncomingMessage>();

  const faultOf = (request: string): Fault | undefined => {
    const plan = planned.find(({ text, faults }) => request.includes(text) && faults.length > 0);
    return plan?.isLasting === true ? plan.faults[0] : plan?.faults.shift();
  };

  const pass = (incoming: IncomingMessage, response: ServerResponse, fault: Fault | undefined): void => {
    const { method, url: path, headers } = incoming;
    const upstream = forward({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      sources.add(answer);
      answer.once('close', () => sources.delete(answer));
      answer.on('error', () => response.destroy());
      const pieces: Buffer[] = [];
      const head = (): void => void response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      if (fault === undefined) {
        head();
        response.flushHeaders();
      }
      answer.on('data', (piece: Buffer) =>
        fault === undefined ? response.write(piece) : pieces.push(piece),
      );
      answer.on('end', () => {
        const body = Buffer.concat(pieces);
        if (fault === 'lose the response') response.destroy();
        else if (fault === 'cut the body') {
          head();
          response.write(body.subarray(0, body.length / 2), () => response.destroy());
        } else if (fault === 'buffer') {
          head();
          response.end(body);
        } else response.end();
      });
    });
    upstream.on('error', () => response.destroy());
    response.on('close', () => upstream.destroy());
    incoming.pipe(upstream);
  };

  const server = createServer((incoming, response) => {
    const { method = '', url: path = '', headers } = incoming;
    seen.push({ method, path, headers, at: performance.now() });
    responses.add(response);
    response.once('close', () => responses.delete(response));
    const fault = faultOf(`${method} ${path}`);
    if (fault === 'refuse the connection') incoming.socket.destroy();
    else if (typeof fault === 'object') {
      const type = typeof fault.body === 'string' ? 'text/html' : 'application/problem+json';
      response.writeHead(fault.status, { 'Content-Type': type, ...fault.headers });
      incoming.resume();
      response.end(typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body ?? {}));
    } else if (fault !== 'hang') pass(incoming, response, fault);
  });
  const own = await listening(server, undo);
  return {
    url: `http://127.0.0.1:${own}/`,
    seen,
    next: (text, ...faults) => void planned.push({ text, faults: [...faults], isLasting: false }),
    always: (text, fault) => {
      const plan = { text, faults: [fault], isLasting: true };
      planned.unshift(plan);
      return () => void planned.splice(planned.indexOf(plan), 1);
    },
    drop: () => server.closeAllConnections(),
    stall: () => {
      for (const source of sources) source.pause();
    },
    open: () => responses.size,
    [Symbol.asyncDispose]: () => undo.disposeAsync(),
  };
};

/** A problem as the service sends it. */
export const problem = (
  status: number,
  code: string,
  headers: Readonly<Record<string, string>> = {},
): Fault => ({
  status,
  headers,
  body: {
    type: `/problems/${code}`,
    title: code,
    status,
    code,
    detail: `${code}.`,
    request_id: 'of-the-proxy',
  },
});
