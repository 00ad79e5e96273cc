import type Koa from 'koa';
import type { User } from '../../../domain/user.ts';

/** The state of a request, set by the middleware. */
export interface RequestState {
  requestId: string;
  /** The template of the route that answered, for log and metrics. */
  route: string;
  /** Set by `authenticate` before any route below /api; null on other paths. */
  user: User | null;
}

export type Context = Koa.ParameterizedContext<RequestState>;
export type Middleware = Koa.Middleware<RequestState>;
