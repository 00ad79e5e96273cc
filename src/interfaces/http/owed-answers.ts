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
  const owed = new WeakMap<Duplex, Set<ServerResponse>>();
  const of = (connection: Duplex): readonly ServerResponse[] => [...(owed.get(connection) ?? [])];

  return {
    add: (response) => {
      const { socket } = response.req;
      const responses = owed.get(socket) ?? new Set();
      owed.set(socket, responses.add(response));
      response.once('close', () => responses.delete(response));
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
