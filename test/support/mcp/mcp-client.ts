import { Client, StreamableHTTPClientTransport, type CallToolResult } from '@modelcontextprotocol/client';
import { z } from 'zod';
import { toolErrorSchema } from '../../../src/interfaces/mcp/tools/tool-error.ts';
import { taskResource } from '../../../src/interfaces/task-representation/task-schemas.ts';

/** The revisions of the protocol that clients speak: with and without the handshake of sessions. */
export const eras = ['2025', '2026'] as const;
export type Era = (typeof eras)[number];

/** A session of the official client. Disposing closes it. */
export interface McpSession extends AsyncDisposable {
  readonly client: Client;
  /** The resources that the client was told about, in order. */
  readonly updates: readonly string[];
  call(name: string, args?: Record<string, unknown>): Promise<CallToolResult>;
}

export interface SessionOptions {
  readonly url: string;
  readonly token: string;
  readonly era?: Era;
}

export const openSession = async ({ url, token, era = '2026' }: SessionOptions): Promise<McpSession> => {
  const client = new Client(
    { name: 'test', version: '1' },
    { versionNegotiation: { mode: era === '2026' ? { pin: '2026-07-28' } : 'legacy' } },
  );
  const updates: string[] = [];
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
    updates.push(params.uri);
  });
  const transport = new StreamableHTTPClientTransport(new URL(`${url}/mcp`), {
    requestInit: { headers: { Authorization: `Bearer ${token}` } },
  });
  await client.connect(transport);
  return {
    client,
    updates,
    call: (name, args = {}) => client.callTool({ name, arguments: args }),
    [Symbol.asyncDispose]: () => client.close(),
  };
};

const content = z.object({
  task: taskResource.optional(),
  tasks: z.array(taskResource).optional(),
  next_cursor: z.string().nullable().optional(),
  total: z.number().nullable().optional(),
  deleted_id: z.string().optional(),
  replayed: z.literal(true).optional(),
  error: toolErrorSchema.optional(),
});

/** The structured content of a result, checked. */
export const contentOf = (result: CallToolResult): z.infer<typeof content> => {
  const found = content.parse(result.structuredContent);
  if ((result.isError === true) !== (found.error !== undefined)) throw new Error(JSON.stringify(result));
  return found;
};

/** The task in a result. Throws where there is none. */
export const taskIn = (result: CallToolResult): z.infer<typeof taskResource> => {
  const { task, error } = contentOf(result);
  if (error !== undefined) throw new Error(`${error.code}: ${error.detail}`);
  return taskResource.parse(task);
};

/** The error in a result. Throws where there is none. */
export const errorIn = (result: CallToolResult): z.infer<typeof toolErrorSchema> =>
  toolErrorSchema.parse(contentOf(result).error);

/** The titles of a list. Throws where the result is none. */
export const titlesIn = (result: CallToolResult): readonly string[] =>
  z
    .array(taskResource)
    .parse(contentOf(result).tasks)
    .map(({ title }) => title);

/** The texts of a result. */
export const textsIn = ({ content: blocks }: CallToolResult): readonly string[] =>
  blocks.map((block) => (block.type === 'text' ? block.text : ''));
