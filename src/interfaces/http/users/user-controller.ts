import type { UseCases } from '../../../application/use-cases.ts';
import type { Endpoint } from '../routing/endpoint.ts';
import { bodyTag } from '../routing/entity-tag.ts';
import { exportAccount } from './export-account.ts';
import { aUser, toUserJson, userResource } from './user-json.ts';

type UserUseCases = Pick<UseCases, 'eraseCurrentUser' | 'exportTasks' | 'getCurrentUser'>;

/** The endpoints about the user of the token. */
export const userEndpoints = (use: UserUseCases): readonly Endpoint[] => [
  {
    name: 'getMe',
    method: 'GET',
    path: '',
    summary: 'Get yourself, as the service sees you',
    conditional: 'If-None-Match',
    success: {
      status: 200,
      description: "The token's user, and how many tasks they have.",
      body: { schema: userResource, example: aUser },
    },
    problems: [],
    answer: async ({ user }) => {
      const body = JSON.stringify(toUserJson(await use.getCurrentUser(user)));
      return { status: 200, entityTag: bodyTag(body), json: () => body };
    },
  },
  {
    name: 'eraseMe',
    method: 'DELETE',
    path: '',
    summary: 'Erase everything that is stored about you',
    description:
      'Tasks, trash, email and name, for good. Only the id stays, with its write counter. Clients that follow changes have to begin again at 0.',
    success: { status: 204, description: 'Nothing is stored any more.' },
    problems: [],
    answer: async ({ user }) => {
      await use.eraseCurrentUser(user.id);
      return { status: 204 };
    },
  },
  exportAccount(use),
];
