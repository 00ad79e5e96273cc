import { details } from '../problems/catalogue.ts';
import { HttpProblem } from '../problems/problem.ts';
import type { Middleware } from '../request/request-state.ts';

/** Throws 404 `not_found` for a request that no route has answered. */
export const notFound: Middleware = () => {
  throw new HttpProblem('not_found', details.not_found);
};
