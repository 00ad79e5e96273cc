import type { Context } from '../request/request-state.ts';
import { matchesEntityTag } from './entity-tag.ts';

export const jsonMediaType = 'application/json; charset=utf-8';

/** The result of an endpoint; errors are thrown. */
export type Representation = JsonRepresentation | { readonly status: 204 };

export interface JsonRepresentation {
  readonly status: 200 | 201;
  readonly entityTag: string;
  /** Makes the body; not called if the response is 304. */
  readonly json: () => Buffer | string;
  readonly headers?: {
    readonly Link?: string;
    readonly Location?: string;
    readonly 'X-Total-Count'?: string;
  };
}

/** Writes status, `ETag`, other header fields and body; 304 where `If-None-Match` names the entity tag of a read. */
export const respond = (ctx: Context, representation: Representation): void => {
  if (representation.status === 204) {
    ctx.status = 204;
    return;
  }
  const { status, entityTag, json, headers = {} } = representation;
  for (const [name, value] of Object.entries(headers)) ctx.set(name, value);
  ctx.set('ETag', entityTag);
  if (isRead(ctx) && matchesEntityTag(ctx.req.headers['if-none-match'], entityTag)) {
    ctx.status = 304;
    return;
  }
  ctx.status = status;
  ctx.set('Content-Type', jsonMediaType);
  ctx.body = json();
};

const isRead = (ctx: Context): boolean => ctx.method === 'GET' || ctx.method === 'HEAD';
