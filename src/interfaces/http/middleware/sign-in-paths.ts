import { HttpProblem } from '../problems/problem.ts';
import type { Middleware } from '../request/request-state.ts';
import { hasPathPrefix } from './for-path-prefix.ts';

/** Where many frontends look for sign-in, sign-up and sessions: the paths of Better Auth and Auth.js. */
export const signInPath = '/api/auth';

/**
 * Answers 404 to every client, with or without a token: the service has no sign-in, and a 401 would hide that. The task
 * paths of a user named `auth` pass.
 */
export const rejectSignIn: Middleware = async (ctx, next) => {
  if (!hasPathPrefix(`${signInPath}/tasks`, ctx.path)) throw new HttpProblem('not_found', detail);
  await next();
};

const detail =
  'Sign-in is at the issuer of the tokens, not in this service. See the section "Sign-in" in README.md.';
