import { HttpProblem } from '../problems/problem.ts';
import type { Middleware } from '../request/request-state.ts';

/** What no route has answered. */
export const notFound: Middleware = () => {
  throw new HttpProblem('not_found', 'There is nothing at this path.');
};
