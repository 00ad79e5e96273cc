import type { Export, User } from './api-types.ts';
import { isExport, isUser, json, nothing } from './requests/read-response.ts';
import type { Send } from './requests/send.ts';
import type { CallOptions } from './tasks/task-calls.ts';

/** The account of the user. */
export interface Account {
  /** The user, and how many tasks there are. */
  me(options?: CallOptions): Promise<User>;
  /** All that is stored about the user. */
  export(options?: CallOptions): Promise<Export>;
  /** Erases all that is stored about the user. It has no key, so it is not repeated where its response was lost. */
  erase(options?: CallOptions): Promise<void>;
}

/** An export can be long; it is streamed. */
const exportTimeoutMs = 300_000;

export const accountCalls = (send: Send): Account => ({
  me: ({ signal } = {}) => send({ method: 'GET', path: 'api/me', read: json(isUser), signal }),
  export: ({ signal } = {}) =>
    send({
      method: 'GET',
      path: 'api/me/export',
      read: json(isExport),
      signal,
      timeoutMs: exportTimeoutMs,
    }),
  erase: ({ signal } = {}) => send({ method: 'DELETE', path: 'api/me', read: nothing, signal }),
});
