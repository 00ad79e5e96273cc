interface MessageOptions {
  readonly url: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly signal?: AbortSignal;
}

/** A message of the protocol before 2026, which needs no handshake where there are no sessions. */
export const rpc = (method: string, params: unknown = {}): string =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });

/** A message of 2026-07-28. */
export const modernRpc = (method: string, params: Readonly<Record<string, unknown>> = {}): string =>
  rpc(method, {
    ...params,
    _meta: {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  });

/** Sends a body to `/mcp` as it is. */
export const postMcp = (body: string, options: MessageOptions): Promise<Response> => {
  const { url, token, headers, method = 'POST', signal } = options;
  return fetch(`${url}/mcp`, {
    method,
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(method === 'POST' ? { body } : {}),
    ...(signal === undefined ? {} : { signal }),
  });
};
