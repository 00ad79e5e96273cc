import type { Permissions, Verified } from '../../../application/ports/token-verifier.ts';
import type { JsonObject } from '../request/body-parser.ts';
import type { PipedBody } from '../streams/piped-stream.ts';

/** Another protocol on HTTP, at one path. It runs behind the middleware of the API: limits, authentication, origins, time limits. */
export interface MountedHandler {
  readonly path: `/${string}`;
  /** The header fields of its protocol, which it gets, and which pages of allowed origins may send. */
  readonly requestHeaders: readonly string[];
  answer(call: MountedCall): Promise<MountedAnswer>;
}

/** A POST with a JSON object and a good token. */
export interface MountedCall {
  /** `Accept` and {@link MountedHandler.requestHeaders}, by names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject;
  readonly token: Verified;
  readonly requestId: string;
}

export type MountedAnswer =
  | {
      readonly outcome: 'response';
      readonly status: number;
      /** Undefined where there is no body. */
      readonly contentType: string | undefined;
      readonly body: string;
      /** Whether it repeats an earlier response, for log and metrics. */
      readonly isReplay: boolean;
    }
  /** Server-sent events, counted and ended as the event streams of the API. */
  | { readonly outcome: 'stream'; readonly stream: PipedBody }
  | { readonly outcome: 'insufficient_scope'; readonly needed: keyof Permissions };
