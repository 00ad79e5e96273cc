import type { z } from 'zod';
import type { KeyedRequest } from '../../../domain/idempotency/keyed-request.ts';
import type { User } from '../../../domain/user.ts';
import type { ProblemCode } from '../problems/catalogue.ts';
import type { JsonObject } from '../request/body-parser.ts';
import type { Representation } from './respond.ts';
import type { UrlScheme } from './url-scheme.ts';

/** A request whose user is authorized and whose syntax is checked. The endpoint validates the content. */
export interface Call {
  readonly user: User;
  /** The parameters of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** The shortest path of the URL scheme that was called, as clients see it, for `Location` and `Link`. */
  readonly basePath: string;
  /** The entity tags of `If-Match`; undefined: any state matches (no header, or `*`). */
  readonly ifMatch: readonly string[] | undefined;
  /** Of an endpoint with `acceptsKey`: the `Idempotency-Key`, with what it stands for; undefined where there is none. */
  readonly keyed: KeyedRequest | undefined;
  readonly search: URLSearchParams;
  readonly body: JsonObject | undefined;
}

/** An endpoint as data: the router, the OpenAPI document, the isolation matrix and the fuzzer are made from it. */
export interface Endpoint {
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the shortest path of a URL scheme. */
  readonly path: '' | `/${string}`;
  readonly summary: string;
  readonly description?: string;
  readonly query?: z.ZodObject;
  readonly body?: {
    readonly schema: z.ZodType;
    readonly need: 'required' | 'optional';
    /** Examples for the OpenAPI document, by name. */
    readonly examples: Readonly<Record<string, JsonObject>>;
  };
  readonly conditional?: 'If-Match' | 'If-None-Match';
  /** Whether `Idempotency-Key` is read. */
  readonly acceptsKey?: true;
  readonly success: Success;
  /** Problems specific to this endpoint; common ones are added by the OpenAPI document. */
  readonly problems: readonly ProblemCode[];
  readonly answer: (call: Call) => Promise<Representation>;
}

interface Success {
  readonly status: 200 | 201 | 204;
  readonly description: string;
  /** Absent: no body, and no entity tag. */
  readonly body?: {
    readonly schema: z.ZodType;
    readonly example: unknown;
    /** The media type of a body that is always sent in pieces, without an entity tag. Absent: JSON, with one. */
    readonly stream?: 'text/event-stream' | 'application/json';
  };
  /** Header fields specific to this endpoint. */
  readonly headers?: readonly ('Content-Disposition' | 'Link' | 'Location' | 'X-Total-Count')[];
}

/** Endpoints, and the URL schemes under which each of them is mounted. */
export interface ApiResource {
  readonly urlSchemes: readonly UrlScheme[];
  readonly endpoints: readonly Endpoint[];
}
