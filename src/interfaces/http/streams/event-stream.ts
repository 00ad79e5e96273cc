import type { ServerResponse } from 'node:http';
import type { StreamEnd } from '../../../application/ports/observer.ts';

/** https://html.spec.whatwg.org/multipage/server-sent-events.html; `data` is one line. */
export interface ServerSentEvent {
  readonly event: string;
  readonly id: string;
  readonly data: string;
}

/** Calls `send` with each event, until the returned function is called. A later event makes the ones before it obsolete. */
export type EventSource = (send: (event: ServerSentEvent) => void) => () => void;

export interface EventStreamOptions {
  readonly source: EventSource;
  /** The `Last-Event-ID` of the request: an event with this id is not sent again. */
  readonly lastEventId: string | undefined;
  /** When the token is no longer valid, in seconds since 1970. */
  readonly validUntilSeconds: number;
  readonly heartbeatMs: number;
  /** Called once, when the response is closed, with the number of events that were sent. */
  readonly ended: (reason: StreamEnd, events: number) => void;
}

/** After how long a client should connect again, in milliseconds; random, so that not all clients do so at once. */
const retryMs = { connectionLost: [1_000, 5_000], shutdown: [1_000, 10_000] } as const;

/**
 * The events of one response, and a comment line as a heartbeat. At most one piece of text waits for the client: of the events
 * that come meanwhile, the last one is sent afterwards. A client that takes nothing for a whole heartbeat is disconnected.
 */
export class EventStream {
  readonly #response: ServerResponse;
  readonly #options: EventStreamOptions;
  #stop = (): void => undefined;
  #timer: NodeJS.Timeout | undefined;
  #lastId: string | undefined;
  #events = 0;
  #isWriting = false;
  /** Whether the text before the last heartbeat is not sent yet. */
  #isLate = false;
  #pending: string | null = null;
  #reason: StreamEnd | null = null;

  constructor(response: ServerResponse, options: EventStreamOptions) {
    this.#response = response;
    this.#options = options;
    this.#lastId = options.lastEventId;
  }

  begin(): void {
    if (this.#response.closed) {
      this.#options.ended('client', 0);
      return;
    }
    const { socket } = this.#response.req;
    // Clients of event streams do not close only their side: this one has left. Else it would be noticed at the next heartbeat.
    const left = (): void => this.end('client');
    socket.once('end', left);
    this.#response.once('close', () => {
      socket.off('end', left);
      this.#release();
      this.#options.ended(this.#reason ?? 'client', this.#events);
    });
    this.#write(retryLine('connectionLost'));
    this.#stop = this.#options.source((event) => this.#send(event));
    this.#schedule();
    if (socket.readableEnded) left();
  }

  /** Ends the response. Only the first call has an effect. */
  end(reason: StreamEnd): void {
    if (this.#reason !== null) return;
    this.#reason = reason;
    this.#release();
    this.#response.end(reason === 'shutdown' ? retryLine('shutdown') : '');
  }

  #send({ event, id, data }: ServerSentEvent): void {
    if (id === this.#lastId) return;
    this.#lastId = id;
    const text = `event: ${event}\nid: ${id}\ndata: ${data}\n\n`;
    if (this.#isWriting) {
      this.#pending = text;
      return;
    }
    this.#events += 1;
    this.#write(text);
  }

  #write(text: string): void {
    this.#isWriting = true;
    this.#response.write(text, () => this.#written());
  }

  #written(): void {
    this.#isWriting = false;
    this.#isLate = false;
    const text = this.#pending;
    if (text === null || this.#reason !== null) return;
    this.#pending = null;
    this.#events += 1;
    this.#write(text);
  }

  /** The next heartbeat, or the end of the token if that is sooner. */
  #schedule(): void {
    const { heartbeatMs, validUntilSeconds } = this.#options;
    const remainingMs = validUntilSeconds * 1000 - Date.now();
    this.#timer = setTimeout(() => this.#tick(), Math.min(heartbeatMs, Math.max(0, remainingMs)));
  }

  #tick(): void {
    if (Date.now() / 1000 >= this.#options.validUntilSeconds) {
      this.end('token');
      return;
    }
    if (this.#isLate) {
      this.#reason = 'slow';
      this.#response.destroy();
      return;
    }
    if (this.#isWriting) this.#isLate = true;
    else this.#write(':\n\n');
    this.#schedule();
  }

  #release(): void {
    clearTimeout(this.#timer);
    this.#stop();
  }
}

const retryLine = (after: keyof typeof retryMs): string => {
  const [min, max] = retryMs[after];
  return `retry: ${Math.round(min + Math.random() * (max - min))}\n\n`;
};
