import type { ServerResponse } from 'node:http';
import type { StreamEnd } from '../../../application/ports/observer.ts';

/** Server-sent events of another protocol, its heartbeats included. */
export interface PipedBody {
  readonly body: ReadableStream<Uint8Array>;
  /** Sends what the protocol has to say at the end; then the body ends. */
  close(): Promise<void>;
}

export interface PipedStreamOptions {
  readonly piped: PipedBody;
  /** When the token is no longer valid, in seconds since 1970. */
  readonly validUntilSeconds: number;
  /** A client that takes nothing for so long is disconnected. */
  readonly heartbeatMs: number;
  /** Called once, when the response is closed, with the number of pieces that were sent. */
  readonly ended: (reason: StreamEnd, pieces: number) => void;
}

/** The longest time that a timer of Node can have. */
const maxTimerMs = 2 ** 31 - 1;

/** Sends a body as its pieces come, until it ends, the client leaves, or the token is no longer valid. */
export class PipedStream {
  readonly #response: ServerResponse;
  readonly #options: PipedStreamOptions;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #timer: NodeJS.Timeout | undefined;
  #pieces = 0;
  #reason: StreamEnd | null = null;

  constructor(response: ServerResponse, options: PipedStreamOptions) {
    this.#response = response;
    this.#options = options;
    this.#reader = options.piped.body.getReader();
  }

  begin(): void {
    if (this.#response.closed) {
      void this.#reader.cancel();
      this.#options.ended('client', 0);
      return;
    }
    const { socket } = this.#response.req;
    const left = (): void => void this.#response.destroy();
    socket.once('end', left);
    this.#response.once('close', () => {
      socket.off('end', left);
      clearTimeout(this.#timer);
      void this.#reader.cancel();
      this.#options.ended(this.#reason ?? 'client', this.#pieces);
    });
    this.#schedule();
    void this.#pump();
    if (socket.readableEnded) left();
  }

  /** Ends the response. Only the first call has an effect. */
  end(reason: StreamEnd): void {
    if (this.#reason !== null) return;
    this.#reason = reason;
    clearTimeout(this.#timer);
    void this.#options.piped.close();
  }

  async #pump(): Promise<void> {
    for (;;) {
      const { done, value } = await this.#reader.read();
      if (this.#response.closed) return;
      if (done) break;
      this.#pieces += 1;
      await this.#write(value);
    }
    this.#response.end();
  }

  #write(piece: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      const late = setTimeout(() => {
        this.#reason ??= 'slow';
        this.#response.destroy();
      }, this.#options.heartbeatMs);
      this.#response.write(piece, () => {
        clearTimeout(late);
        resolve();
      });
    });
  }

  #schedule(): void {
    const remainingMs = this.#options.validUntilSeconds * 1000 - Date.now();
    if (remainingMs <= 0) this.end('token');
    else this.#timer = setTimeout(() => this.#schedule(), Math.min(remainingMs, maxTimerMs));
  }
}
