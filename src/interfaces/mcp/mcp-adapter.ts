import { createMcpHandler } from '@modelcontextprotocol/server';
import type { Observer } from '../../application/ports/observer.ts';
import type { RequestDeadline } from '../../application/ports/request-deadline.ts';
import type { UseCases } from '../../application/use-cases.ts';
import type { McpAnswer, McpCall } from './mcp-call.ts';
import { errorResponse, readMessage } from './read-message.ts';
import { ChangeBus } from './resources/change-bus.ts';
import { shortenErrors } from './shorten-errors.ts';
import { taskServer } from './task-server.ts';
import { taskTools } from './tools/task-tools.ts';

interface McpAdapterOptions {
  readonly use: UseCases;
  readonly deadline: RequestDeadline;
  readonly observe: Observer;
  readonly version: string;
}

/**
 * Answers messages of the Model Context Protocol (https://modelcontextprotocol.io), Streamable HTTP, without sessions: any instance
 * answers any message. Tokens, limits and origins are checked before.
 */
export const createMcpAdapter = ({ use, deadline, observe, version }: McpAdapterOptions) => {
  const tools = taskTools(use);
  const needs = new Map(tools.map((tool) => [tool.name, tool.needs]));

  const answer = async (call: McpCall): Promise<McpAnswer> => {
    const { body, token, requestId } = call;
    const { tool, uris, error, ...message } = readMessage(body);
    const needed = needs.get(tool ?? '') ?? message.needs;
    if (needed !== undefined && !token.permissions[needed]) return { outcome: 'insufficient_scope', needed };
    if (error !== undefined) return refused(errorResponse(body['id'], error));

    const bus = new ChangeBus({ use, user: token.user.id, uris });
    const errors: Error[] = [];
    let isReplay = false;
    const onReplay = (): void => {
      isReplay = true;
    };
    const handler = createMcpHandler(
      ({ era }) => taskServer(call, { use, tools, deadline, observe, version, onReplay }, era),
      { bus, onerror: (error) => errors.push(error) },
    );
    const request = new Request(anyUrl, { method: 'POST', headers: call.headers });
    const response = await handler.fetch(request, { parsedBody: body });
    if (bus.isFollowed && response.body !== null)
      return { outcome: 'stream', stream: { body: response.body, close: () => handler.close() } };
    if (response.status >= 500)
      observe({ type: 'failure', requestId, code: 'internal_error', error: errors.at(-1) });
    const { status, headers } = response;
    const responseBody = shortenErrors(await response.text()); // the tool has returned only then
    const contentType = headers.get('content-type') ?? undefined;
    return { outcome: 'response', status, contentType, body: responseBody, isReplay };
  };

  return { path: '/mcp', requestHeaders, answer } as const;
};

const refused = (body: string): McpAnswer => ({
  outcome: 'response',
  status: 400,
  contentType: 'application/json',
  body,
  isReplay: false,
});

/** Of Streamable HTTP, since 2026-07-28 all three. */
const requestHeaders = ['MCP-Protocol-Version', 'Mcp-Method', 'Mcp-Name'];

/** The SDK needs an address, and uses none of it. */
const anyUrl = 'http://localhost/mcp';
