import type { Permissions, Verified } from '../../application/ports/token-verifier.ts';

/** An authenticated message of a client: a JSON-RPC request or notification. */
export interface McpCall {
  /** The header fields that the protocol defines, by names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly token: Verified;
  readonly requestId: string;
}

/** What the HTTP adapter sends. */
export type McpAnswer =
  | {
      readonly outcome: 'response';
      readonly status: number;
      /** Undefined where there is no body. */
      readonly contentType: string | undefined;
      readonly body: string;
      /** Whether it repeats the result of an earlier call with the same key. */
      readonly isReplay: boolean;
    }
  | { readonly outcome: 'stream'; readonly stream: McpStream }
  | { readonly outcome: 'insufficient_scope'; readonly needed: keyof Permissions };

/** Server-sent events that go on for as long as the client is connected. */
export interface McpStream {
  readonly body: ReadableStream<Uint8Array>;
  /** Sends the last message of the subscription; then the body ends. */
  close(): Promise<void>;
}
