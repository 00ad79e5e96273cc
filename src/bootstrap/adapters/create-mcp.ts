import type { MountedHandler } from '../../interfaces/http/mounted/mounted-handler.ts';
import type { Get } from './adapters.ts';

/** Loads the MCP adapter and its SDK, which a service without it does not need. */
export const createMcp = async (version: string, get: Get): Promise<MountedHandler> => {
  const { createMcpAdapter } = await import('../../interfaces/mcp/mcp-adapter.ts');
  return createMcpAdapter({
    use: get('useCases'),
    deadline: get('deadline'),
    observe: get('observer'),
    version,
  });
};
