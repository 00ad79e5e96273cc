import type { UseCases } from '../../application/use-cases.ts';
import type { ApiResource } from './routing/endpoint.ts';
import { changeEndpoints } from './tasks/changes/change-controller.ts';
import { taskEndpoints } from './tasks/task-controller.ts';
import { trashEndpoints } from './tasks/trash/trash-controller.ts';
import { taskUrlSchemes } from './tasks/task-url-schemes.ts';
import { accountUrlScheme } from './users/account-url-scheme.ts';
import { userEndpoints } from './users/user-controller.ts';

/**
 * Every resource below /api, in the order of the documentation. Where two paths match, the router takes the more specific one,
 * otherwise the first.
 */
export const apiResources = (use: UseCases): readonly ApiResource[] => [
  {
    urlSchemes: taskUrlSchemes,
    endpoints: [...taskEndpoints(use), ...trashEndpoints(use), ...changeEndpoints(use)],
  },
  { urlSchemes: [accountUrlScheme], endpoints: userEndpoints(use) },
];
