import type { UseCases } from '../../../application/use-cases.ts';
import type { Endpoint } from '../routing/endpoint.ts';
import { bodyTag } from '../routing/entity-tag.ts';
import { aUser, toUserJson, userResource } from './user-json.ts';

type UserUseCases = Pick<UseCases, 'getCurrentUser'>;

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
];
