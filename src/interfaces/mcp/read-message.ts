import { z } from 'zod';
import type { Permissions } from '../../application/ports/token-verifier.ts';
import { isTaskResource } from './resources/uris.ts';

/** What has to be known of a message before the SDK reads it. */
export interface Message {
  /** The name of the tool that is called. */
  readonly tool: string | undefined;
  /** What the token must allow for a message that calls no tool; undefined: nothing. */
  readonly needs: keyof Permissions | undefined;
  /** The resources of a subscription, each once. */
  readonly uris: readonly string[];
  /** An error of JSON-RPC: why the message is not passed on. */
  readonly error: { readonly code: number; readonly message: string } | undefined;
}

/** The id is repeated in each notification of a subscription. */
const maxIdLength = 256;

/** Each resource can be reported at once, to a client that reads slowly. */
const maxResources = 100;

const [invalidRequest, invalidParams] = [-32600, -32602]; // https://www.jsonrpc.org/specification#error_object

const call = z.object({ method: z.literal('tools/call'), params: z.object({ name: z.string() }) });
const subscription = z.object({
  method: z.literal('subscriptions/listen'),
  params: z.object({ notifications: z.object({ resourceSubscriptions: z.array(z.string()) }) }),
});
const reading = z.object({ method: z.string().regex(/^(?:resources|prompts)\//) });

export const readMessage = (body: Readonly<Record<string, unknown>>): Message => {
  const listed = subscription.safeParse(body).data?.params.notifications.resourceSubscriptions ?? [];
  const uris = [...new Set(listed)];
  const isReading = uris.length > 0 || reading.safeParse(body).success;
  return {
    tool: call.safeParse(body).data?.params.name,
    needs: isReading ? 'read' : undefined,
    uris,
    error: errorOf(body['id'], listed),
  };
};

const errorOf = (id: unknown, listed: readonly string[]): Message['error'] => {
  if (typeof id === 'string' && id.length > maxIdLength)
    return { code: invalidRequest, message: `The id has more than ${maxIdLength} characters.` };
  if (listed.length > maxResources)
    return { code: invalidParams, message: `A subscription has at most ${maxResources} resources.` };
  return listed.every(isTaskResource)
    ? undefined
    : { code: invalidParams, message: 'A subscription has tasks://list and task://{id} only.' };
};

/** A response to a message that is not passed on. An id that is too long is left out, as one that cannot be read is. */
export const errorResponse = (id: unknown, error: NonNullable<Message['error']>): string =>
  JSON.stringify({ jsonrpc: '2.0', id: error.code === invalidParams ? id : null, error });
