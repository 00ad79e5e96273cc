import type { RequestListener, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { closeGently, lingerMilliseconds, stopParsing } from './connection-close.ts';

/** Pipelined requests that may wait on one connection. More than any common client pipelines, about 5 kB each. */
export const maxWaitingRequests = 16;

/** Called when a connection has a request under way, and when it has none any more. */
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
  /** What closes the connection once everything accepted is answered; from then on nothing more is accepted. */
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
   * Calls back once every request that has arrived completely is answered; at once where none is under way. The
   * callback has to close the connection. Only the first call counts, and no request is accepted after it.
   */
  close(call: () => void): void {
    if (this.#closing !== null) return;
    this.#closing = call;
    if (this.#waiting.at(-1)?.req.complete === false) this.#waiting.pop();
    if (this.#current?.req.complete === true) return;
    this.#activity.begin();
    call();
  }

  /** Whether a part of an answer is sent to a request that has not arrived completely. */
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
    if (!this.#socket.writable) return; // that answer was the last one: what waits must not be carried out
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

  /** After the bytes that Node has read already: until then it would resume by itself. */
  #pauseReading(): void {
    process.nextTick(() => {
      if (this.#waiting.length > 0) this.#socket.pause();
    });
  }

  /** The rest of the body is read and thrown away for a moment, so that a client still sending sees its answer. */
  #discardBody({ req: request }: ServerResponse): void {
    request.unpipe().resume();
    const timer = setTimeout(() => request.socket.destroy(), lingerMilliseconds);
    request.once('close', () => clearTimeout(timer));
  }
}
