import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { closeGently, lingerMs, stopParsing } from './connection-close.ts';

/** Maximum number of waiting pipelined requests per connection; about 5 kB each. Common clients pipeline fewer. */
export const maxWaitingRequests = 16;

/** `begin` is called when a connection becomes busy with a request, `end` when it becomes idle. */
export interface ConnectionActivity {
  begin(): void;
  end(): void;
}

/**
 * The requests of one connection. They are carried out one at a time, in the order of their arrival, so that no request
 * sees the effect of a later one (RFC 9112, section 9.3.2). The connection is not read while requests wait. Where a client
 * pipelines too many, the accepted ones are answered and the connection is closed (section 9.6).
 */
export class RequestQueue {
  readonly #socket: Duplex;
  readonly #handle: RequestListener;
  readonly #activity: ConnectionActivity;
  readonly #waiting: ServerResponse[] = [];
  #current: ServerResponse | null = null;
  /** Closes the connection after the accepted requests are answered. If set, no further request is accepted. */
  #closing: (() => void) | null = null;

  constructor(socket: Duplex, handle: RequestListener, activity: ConnectionActivity) {
    this.#socket = socket;
    this.#handle = handle;
    this.#activity = activity;
  }

  /** Carries out the request of this response when those before it are answered. */
  add(response: ServerResponse): void {
    if (this.#closing !== null) return;
    if (this.#current === null) this.#begin(response);
    else if (this.#waiting.length < maxWaitingRequests) this.#waiting.push(response);
    else this.#acceptNoMore();
    if (this.#waiting.length > 0) this.#pauseReading();
  }

  /**
   * Calls the callback, which must close the connection, after every completely received request is answered, or at once if
   * there is none. Only the first call has an effect, and no request is accepted after it.
   */
  close(callback: () => void): void {
    if (this.#closing !== null) return;
    this.#closing = callback;
    if (this.#waiting.at(-1)?.req.complete === false) this.#waiting.pop();
    if (this.#current?.req.complete === true) return;
    this.#activity.begin();
    callback();
  }

  /** The request whose header fields are received, and whose body is not received completely; null where there is none. */
  get incomplete(): IncomingMessage | null {
    const last = this.#waiting.at(-1) ?? this.#current;
    return last?.req.complete === false ? last.req : null;
  }

  /** Whether a part of a response is sent for a request that is not received completely. */
  get isHalfAnswered(): boolean {
    return this.#current !== null && !this.#current.req.complete && this.#current.headersSent;
  }

  #begin(response: ServerResponse): void {
    const request = response.req;
    this.#current = response;
    this.#activity.begin();
    response.once('finish', () => {
      if (!request.complete) this.#discardBody(response);
      this.#next();
    });
    this.#handle(request, response);
  }

  #next(): void {
    this.#current = null;
    if (!this.#socket.writable) return; // the response closed the connection: waiting requests must not be carried out
    const next = this.#waiting.shift();
    if (next === undefined) {
      if (this.#closing === null) this.#activity.end();
      else this.#closing();
      return;
    }
    if (this.#waiting.length === 0 && this.#closing === null) this.#socket.resume();
    this.#begin(next);
  }

  #acceptNoMore(): void {
    const last = this.#waiting.at(-1);
    if (last !== undefined) last.shouldKeepAlive = false;
    stopParsing(this.#socket);
    Object.assign(this.#socket, { destroySoon: () => closeGently(this.#socket) });
    this.#closing = () => closeGently(this.#socket);
  }

  /** In the next tick, because Node resumes the connection after it has parsed what it has read. */
  #pauseReading(): void {
    process.nextTick(() => {
      if (this.#waiting.length > 0) this.#socket.pause();
    });
  }

  /** Discards the rest of the body for a short time, so that a client that is still sending receives the response. */
  #discardBody({ req: request }: ServerResponse): void {
    request.unpipe().resume();
    const timer = setTimeout(() => request.socket.destroy(), lingerMs);
    request.once('close', () => clearTimeout(timer));
  }
}
