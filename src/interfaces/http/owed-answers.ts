import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** The answers that connections still owe. Pipelined requests are answered in order (RFC 9112, section 9.3.2). */
export interface OwedAnswers {
  add(response: ServerResponse): void;
  /** Calls back once every request that has arrived completely is answered; at once where none waits. */
  after(connection: Duplex, call: () => void): void;
  /** Whether a part of an answer to what has not arrived completely is sent. */
  isHalfSent(connection: Duplex): boolean;
}

export const owedAnswers = (): OwedAnswers => {
  // What is closed is let go when the next one comes, so that no answer needs a listener for it.
  const owed = new WeakMap<Duplex, readonly ServerResponse[]>();
  const of = (connection: Duplex): readonly ServerResponse[] => owed.get(connection) ?? [];

  return {
    add: (response) => {
      const { socket } = response.req;
      owed.set(socket, [...of(socket).filter((earlier) => !earlier.closed), response]);
    },
    after: (connection, call) => {
      const last = of(connection).findLast(({ req, writableFinished }) => req.complete && !writableFinished);
      if (last === undefined) call();
      else last.once('finish', call);
    },
    isHalfSent: (connection) =>
      of(connection).some(
        ({ req, headersSent, writableFinished }) => !req.complete && headersSent && !writableFinished,
      ),
  };
};
