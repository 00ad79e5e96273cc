import type { Middleware } from '../request/request-state.ts';

/**
 * Holds a response back until the end of the turn of the event loop, so that the responses of one turn are written together.
 * The process that reads them then needs one context switch instead of one per response. Adds at most one event-loop turn of
 * latency.
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
