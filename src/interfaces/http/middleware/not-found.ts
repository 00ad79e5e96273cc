import { HttpProblem } from '../problem.ts';
import type { Middleware } from '../request-state.ts';

/** What no route has answered. */
export const notFound: Middleware = () => {
  throw new HttpProblem('not_found', 'There is nothing at this path.');
};
