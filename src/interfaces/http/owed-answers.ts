import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** The answers that connections still owe. Pipelined requests are answered in order (RFC 9112, section 9.3.2). */
export interface OwedAnswers {
  add(response: ServerResponse): void;
  /** It has been sent in full. */
  settle(response: ServerResponse): void;
  /** Calls back once every request that has arrived completely is answered; at once where none waits. */
  after(connection: Duplex, call: () => void): void;
  /** Whether a part of an answer to what has not arrived completely is sent. */
  isHalfSent(connection: Duplex): boolean;
}

export const owedAnswers = (): OwedAnswers => {
  // What a connection that is gone still owed goes with it.
  const owed = new WeakMap<Duplex, readonly ServerResponse[]>();
  const of = (connection: Duplex): readonly ServerResponse[] => owed.get(connection) ?? none;

  return {
    add: (response) => {
      const { socket } = response.req;
      owed.set(socket, [...of(socket), response]);
    },
    settle: (response) => {
      const { socket } = response.req;
      const others = of(socket).filter((other) => other !== response);
      owed.set(socket, others.length === 0 ? none : others);
    },
    after: (connection, call) => {
      const last = of(connection).findLast(({ req }) => req.complete);
      if (last === undefined) call();
      else last.once('finish', call);
    },
    isHalfSent: (connection) => of(connection).some(({ req, headersSent }) => !req.complete && headersSent),
  };
};

const none: readonly ServerResponse[] = [];
