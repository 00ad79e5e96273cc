import type { UseCases } from '../../application/use-cases.ts';
import type { Endpoint } from './endpoint.ts';
import { families, ownAccount, type Family } from './family.ts';
import { taskEndpoints } from './task-controller.ts';
import { userEndpoints } from './user-controller.ts';

/** Endpoints, and the sets of URLs under which all of them are found. */
export interface ApiResource {
  readonly families: readonly Family[];
  readonly endpoints: readonly Endpoint[];
}

/** Everything there is under /api: the truth for the router, the OpenAPI document and the isolation matrix. */
export const apiResources = (use: UseCases): readonly ApiResource[] => [
  { families: [ownAccount], endpoints: userEndpoints(use) },
  { families, endpoints: taskEndpoints(use) },
];
