import { TaskholdError } from '../../../domain/errors.ts';
import type { Owner } from '../../../domain/user.ts';
import { HttpProblem } from '../problems/problem.ts';

/** A set of URLs under which something of a user is found. */
export interface UrlScheme {
  readonly name: 'own' | 'named' | 'account';
  /** The shortest of its paths as a template (RFC 6570, level 1). */
  readonly template: '/api/tasks' | '/api/{user_id}/tasks' | '/api/me';
  /** The shortest of its paths for this owner. */
  path(owner: Owner): string;
  /** Throws where the path names somebody else than the token's user. */
  authorize(owner: Owner, params: Readonly<Record<string, string>>): void;
}

const own: UrlScheme = {
  name: 'own',
  template: '/api/tasks',
  path: () => '/api/tasks',
  authorize: () => undefined,
};

const named: UrlScheme = {
  name: 'named',
  template: '/api/{user_id}/tasks',
  path: (owner) => `/api/${encodeURIComponent(owner.id)}/tasks`,
  authorize: (owner, { user_id: user }) => {
    // `/api/tasks/…` is the other family's, even where the rest of the path looks like this one.
    if (user === 'tasks') throw new HttpProblem('not_found', 'There is nothing at this path.');
    if (user !== owner.id)
      throw new TaskholdError('not_owner', 'The path names another user than the token.');
  },
};

/** What there is about the token's user. */
export const accountUrlScheme: UrlScheme = {
  name: 'account',
  template: '/api/me',
  path: () => '/api/me',
  authorize: () => undefined,
};

/** Those of tasks. The order matters to the router: of two that match, the first. */
export const taskUrlSchemes: readonly UrlScheme[] = [own, named];
