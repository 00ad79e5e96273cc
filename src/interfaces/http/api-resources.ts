import type { UseCases } from '../../application/use-cases.ts';
import type { ApiResource } from './routing/endpoint.ts';
import { taskEndpoints } from './tasks/task-controller.ts';
import { taskUrlSchemes } from './tasks/task-url-schemes.ts';
import { accountUrlScheme } from './users/account-url-scheme.ts';
import { userEndpoints } from './users/user-controller.ts';

/** Every resource below /api. The order matters to the router: where two paths match, it takes the first. */
export const apiResources = (use: UseCases): readonly ApiResource[] => [
  { urlSchemes: [accountUrlScheme], endpoints: userEndpoints(use) },
  { urlSchemes: taskUrlSchemes, endpoints: taskEndpoints(use) },
];
