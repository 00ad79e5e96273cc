import type { RequestDeadline } from '../../../application/ports/request-deadline.ts';
import { TaskholdError } from '../../../domain/errors.ts';
import { preRoutingProblem } from '../problems/problem.ts';
import type { Middleware } from '../request/request-state.ts';

/** Ends a request that takes too long: 504, or 408 where the request itself did not arrive completely. */
export const requestTimeout =
  (deadline: RequestDeadline): Middleware =>
  async (ctx, next) => {
    try {
      await deadline.limit(next);
    } catch (error) {
      const isLate = error instanceof TaskholdError && error.code === 'timeout';
      if (!isLate || ctx.req.complete) throw error;
      ctx.set('Connection', 'close');
      throw preRoutingProblem(408);
    }
  };
