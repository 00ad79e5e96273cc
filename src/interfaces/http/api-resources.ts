import type { UseCases } from '../../application/use-cases.ts';
import type { ApiResource } from './routing/endpoint.ts';
import { taskEndpoints } from './tasks/task-controller.ts';
import { taskUrlSchemes } from './tasks/task-url-schemes.ts';
import { accountUrlScheme } from './users/account-url-scheme.ts';
import { userEndpoints } from './users/user-controller.ts';

/** Every resource below /api. Where two paths match, the router takes the more specific one, otherwise the first. */
export const apiResources = (use: UseCases): readonly ApiResource[] => [
  { urlSchemes: [accountUrlScheme], endpoints: userEndpoints(use) },
  { urlSchemes: taskUrlSchemes, endpoints: taskEndpoints(use) },
];
