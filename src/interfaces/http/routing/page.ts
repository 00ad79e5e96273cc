import type { Router } from '@koa/router';
import type { z } from 'zod';
import { answerWithoutEndpoint } from './mount-endpoints.ts';
import type { Context, RequestState } from '../request/request-state.ts';

/** A public, read-only page as data: the router and the OpenAPI document are made from it. */
export interface Page extends PageDescription, Route {}

export interface Route {
  readonly path: string;
  readonly answer: (ctx: Context) => void | Promise<void>;
}

export interface PageDescription {
  readonly name: string;
  readonly path: string;
  readonly summary: string;
  /** Responses by status; common ones (400, 405, 500 and others) are added by the OpenAPI document. */
  readonly answers: Readonly<Record<number, PageAnswer>>;
}

export interface PageAnswer {
  readonly description: string;
  /** Absent: no body. */
  readonly content?: { readonly type: string; readonly schema: z.ZodType };
  /** Header fields of this response alone. */
  readonly headers?: readonly 'Location'[];
}

/** Adds pages and files to the router, for GET, HEAD and OPTIONS. */
export const mountPages = (router: Router<RequestState>, routes: readonly Route[]): void => {
  for (const { path, answer } of routes) {
    router.all(toRoute(path), async (ctx) => {
      ctx.state.route = path;
      if (ctx.method === 'GET' || ctx.method === 'HEAD') await answer(ctx);
      else answerWithoutEndpoint(ctx, 'GET, HEAD, OPTIONS');
    });
  }
};

/** The router accepts a trailing slash; `/` has one already, and `//` is another path. */
const toRoute = (path: string): string | RegExp => (path === '/' ? /^\/$/ : path);
