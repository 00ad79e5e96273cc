import type { UseCases } from '../../application/use-cases.ts';
import type { Endpoint } from './routing/endpoint.ts';
import { taskUrlSchemes, accountUrlScheme, type UrlScheme } from './routing/url-scheme.ts';
import { taskEndpoints } from './tasks/task-controller.ts';
import { userEndpoints } from './users/user-controller.ts';

/** Endpoints, and the sets of URLs under which all of them are found. */
export interface ApiResource {
  readonly urlSchemes: readonly UrlScheme[];
  readonly endpoints: readonly Endpoint[];
}

/** Everything there is under /api: the truth for the router, the OpenAPI document and the isolation matrix. */
export const apiResources = (use: UseCases): readonly ApiResource[] => [
  { urlSchemes: [accountUrlScheme], endpoints: userEndpoints(use) },
  { urlSchemes: taskUrlSchemes, endpoints: taskEndpoints(use) },
];
