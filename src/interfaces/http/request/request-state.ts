import type Koa from 'koa';
import type { Owner } from '../../../domain/user.ts';

/** What the middleware learns about a request on its way in. */
export interface RequestState {
  requestId: string;
  /** The template of the route that answered, for log and metrics. */
  route: string;
  /** Set by `authenticate`, behind which every route of /api stands. */
  owner: Owner | null;
}

export type Context = Koa.ParameterizedContext<RequestState>;
export type Middleware = Koa.Middleware<RequestState>;
