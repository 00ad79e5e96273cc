import type { Context } from '../request/request-state.ts';
import type { EventSource } from '../streams/event-stream.ts';
import type { JsonPieces } from '../streams/json-stream.ts';
import { matchesEntityTag } from './entity-tag.ts';

export const jsonMediaType = 'application/json; charset=utf-8';

/** The result of an endpoint; errors are thrown. */
export type Representation = JsonRepresentation | StreamRepresentation | EmptyRepresentation;

/** A body that is sent in pieces. */
export type StreamRepresentation = EventRepresentation | PiecesRepresentation;

/** Server-sent events, for as long as the client is connected. */
export interface EventRepresentation {
  readonly status: 200;
  readonly events: EventSource;
}

interface EmptyRepresentation extends Replayable {
  readonly status: 204;
}

interface Replayable {
  /** Whether an earlier request with the same `Idempotency-Key` had this result, and this one has done nothing. */
  readonly isReplay?: boolean;
}

export interface JsonRepresentation extends Replayable {
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

/** A JSON text that is sent while it is made. */
export interface PiecesRepresentation {
  readonly status: 200;
  /** Makes the text. Nothing is read before its first piece is requested, which HEAD and 304 do not do. */
  readonly pieces: () => JsonPieces;
  /** ASCII, without quotes. Present: a file to store, which no cache keeps. */
  readonly fileName?: string;
  readonly entityTag?: string;
}

/** Writes status, `ETag`, other header fields and body; 304 where `If-None-Match` names the entity tag of a read. */
export const respond = (
  ctx: Context,
  representation: Exclude<Representation, StreamRepresentation>,
): void => {
  if (representation.isReplay === true) {
    ctx.set('Idempotent-Replayed', 'true');
    ctx.state.isReplay = true;
  }
  if (representation.status === 204) {
    ctx.status = 204;
    return;
  }
  const { status, entityTag, json, headers = {} } = representation;
  for (const [name, value] of Object.entries(headers)) ctx.set(name, value);
  if (isNotModified(ctx, entityTag)) return;
  ctx.status = status;
  ctx.set('Content-Type', jsonMediaType);
  ctx.body = json();
};

/** Writes `ETag`, and 304 where a read names it in `If-None-Match`. */
export const isNotModified = (ctx: Context, entityTag: string): boolean => {
  ctx.set('ETag', entityTag);
  if (!isRead(ctx) || !matchesEntityTag(ctx.req.headers['if-none-match'], entityTag)) return false;
  ctx.status = 304;
  return true;
};

const isRead = (ctx: Context): boolean => ctx.method === 'GET' || ctx.method === 'HEAD';
