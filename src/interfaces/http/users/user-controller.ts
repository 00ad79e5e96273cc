import type { UseCases } from '../../../application/use-cases.ts';
import type { Endpoint } from '../routing/endpoint.ts';
import { aUser, userResource } from './user-json.ts';

export type UserUseCases = Pick<UseCases, 'getCurrentUser'>;

/** What a user can ask about themselves. */
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
    answer: async ({ owner }) => ({ kind: 'user', user: await use.getCurrentUser(owner) }),
  },
];
