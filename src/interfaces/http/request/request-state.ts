import type { ServerResponse } from 'node:http';
import type Koa from 'koa';
import type { Verified } from '../../../application/ports/token-verifier.ts';

/** The state of a request, set by the middleware. */
export interface RequestState {
  requestId: string;
  /** The template of the route that answered, for log and metrics. */
  route: string;
  /** Whether the response repeats that of an earlier request with the same `Idempotency-Key`. */
  isReplay: boolean;
  /** Set by `authenticate` before any route below /api; null on other paths. */
  token: Verified | null;
  /** The body, where it is sent in pieces; null otherwise. */
  stream: StreamedBody | null;
}

/** A body that is sent after all middleware has run. */
export interface StreamedBody {
  /** True where it goes on for as long as the client likes: its duration says nothing about the service. */
  readonly isEndless: boolean;
  /** Sends header fields and body, and ends the response. */
  begin(response: ServerResponse): void;
}

export type Context = Koa.ParameterizedContext<RequestState>;
export type Middleware = Koa.Middleware<RequestState>;
