import type { Middleware } from '../request/request-state.ts';

/**
 * Holds an answer back until all requests that have arrived with it are worked on; then they are written one behind
 * another. The first of them wakes whoever reads them, and waking a process costs more than most answers do; the others
 * find it awake. Nobody waits for longer than a turn of the event loop.
 */
export const coalesceResponses = (): Middleware => {
  let turn: Promise<void> | null = null;

  const endOfTurn = (): Promise<void> => {
    turn ??= new Promise((resolve) => {
      setImmediate(() => {
        turn = null;
        resolve();
      });
    });
    return turn;
  };

  return async (_ctx, next) => {
    await next();
    await endOfTurn();
  };
};
