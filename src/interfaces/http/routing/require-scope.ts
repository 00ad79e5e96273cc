import type { Permissions } from '../../../application/ports/token-verifier.ts';
import { details } from '../problems/catalogue.ts';
import { HttpProblem } from '../problems/problem.ts';

/** Throws 403 `insufficient_scope` where the token does not allow the method. OPTIONS needs no scope. */
export const requireScope = (method: string, permissions: Permissions): void => {
  const needed = method === 'GET' || method === 'HEAD' ? 'read' : 'write';
  if (method !== 'OPTIONS' && !permissions[needed]) throw insufficientScope(needed);
};

/** RFC 6750, section 3.1: `WWW-Authenticate` names the scope that is needed, and has another `parameter` where one is given. */
export const insufficientScope = (needed: keyof Permissions, parameter?: string): HttpProblem => {
  const scope = `tasks:${needed}`;
  return new HttpProblem('insufficient_scope', details.insufficient_scope(scope), {
    headers: {
      'WWW-Authenticate': `Bearer realm="taskhold", error="insufficient_scope", scope="${scope}"${parameter === undefined ? '' : `, ${parameter}`}`,
    },
  });
};
