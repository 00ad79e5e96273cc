import { TaskholdError } from '../../../domain/errors.ts';
import { details } from '../problems/catalogue.ts';
import { HttpProblem } from '../problems/problem.ts';
import type { UrlScheme } from '../routing/url-scheme.ts';

const ofToken: UrlScheme = {
  template: '/api/tasks',
  namesUser: false,
  tag: { name: 'Tasks', description: "The tasks of the token's user." },
  path: () => '/api/tasks',
  authorize: () => undefined,
};

const ofNamedUser: UrlScheme = {
  template: '/api/{user_id}/tasks',
  namesUser: true,
  tag: { name: 'Tasks of a user', description: 'The same, with the user in the path.' },
  path: (user) => `/api/${encodeURIComponent(user.id)}/tasks`,
  authorize: (user, { user_id: named }) => {
    // `/api/tasks/…` belongs to the other scheme, also where the rest of the path matches this one.
    if (named === 'tasks') throw new HttpProblem('not_found', details.not_found);
    if (named !== user.id) throw new TaskholdError('not_owner', details.not_owner);
  },
};

/** Where two match, the router takes the more specific one, otherwise the first. */
export const taskUrlSchemes: readonly UrlScheme[] = [ofToken, ofNamedUser];
