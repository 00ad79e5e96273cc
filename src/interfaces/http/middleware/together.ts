import type { Middleware } from '../request-state.ts';

/**
 * Holds an answer back until all requests that have arrived with it are worked on; then they are written one behind
 * another. A write wakes the process that reads it, here or in the kernel's network stack, and that costs more than most
 * answers do: so it is woken once, and finds the others waiting. Nobody waits longer than a turn of the event loop.
 */
export const together = (): Middleware => {
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
