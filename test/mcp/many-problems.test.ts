import { expect } from 'chai';
import { ownService } from '../support/http/suites.ts';
import { modernRpc, postMcp, rpc } from '../support/mcp/raw-message.ts';

const numbers = (length: number): readonly number[] => Array.from({ length }, () => 1);
const members = (length: number): Readonly<Record<string, number>> =>
  Object.fromEntries(numbers(length).map((number, index) => [`a${index}`, number]));
const clientInfo = { name: 'test', version: '1' };

describe('MCP messages with thousands of problems', () => {
  const service = ownService({ environment: { MCP_ENABLED: 'true' } });
  const send = async (body: string, headers = {}) => {
    const { token } = await service().user();
    const response = await postMcp(body, { url: service().url, token, headers });
    return { status: response.status, text: await response.text() };
  };
  const call = (name: string, args: unknown): string => rpc('tools/call', { name, arguments: args });
  const prompt = { name: 'plan_my_day', arguments: members(4_000) };
  const modern = {
    'MCP-Protocol-Version': '2026-07-28',
    'Mcp-Method': 'prompts/get',
    'Mcp-Name': prompt.name,
  };

  for (const [what, body, headers] of [
    ['add_task with 30,000 tags', call('add_task', { title: 'A', tags: numbers(30_000) })],
    ['update_task with 30,000 tags', call('update_task', { id: 'a', tags: numbers(30_000) })],
    ['list_tasks with 30,000 tags', call('list_tasks', { tags: numbers(30_000) })],
    ['list_tasks with 20,000 empty tags', call('list_tasks', { tags: numbers(20_000).map(() => '') })],
    ['get_task with 4,000 arguments', call('get_task', members(4_000))],
    ['a prompt with 4,000 arguments', rpc('prompts/get', prompt)],
    ['a prompt with 4,000 arguments in the protocol of 2026', modernRpc('prompts/get', prompt), modern],
    [
      'initialize with 15,000 icons',
      rpc('initialize', {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { ...clientInfo, icons: numbers(15_000) },
      }),
    ],
  ] as const)
    it(`given ${what}: an error of at most 8 KiB`, async () => {
      const { status, text } = await send(body, headers);
      expect(status).to.equal(200);
      expect(text.length).to.be.below(8 * 1024);
      const message: unknown = JSON.parse(text.slice(text.indexOf('{')));
      expect(JSON.stringify(message)).to.match(/"error":|"isError":true/);
      expect(message).to.include({ jsonrpc: '2.0', id: 1 });
    });
});
