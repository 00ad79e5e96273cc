import { expect } from 'chai';
import { z } from 'zod';
import { modernRpc, postMcp, rpc } from '../support/mcp/raw-message.ts';
import { random, type Random } from '../support/random.ts';
import { startService, type Service, type User } from '../support/http/service.ts';
import { absentId } from '../support/tasks/task-requests.ts';

/** `FUZZ_REQUESTS` sets more for longer runs. */
const requests = Number(process.env['FUZZ_REQUESTS'] ?? 600);
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);
const concurrency = 16;

const tool = z.object({
  name: z.string(),
  inputSchema: z.object({ properties: z.record(z.string(), z.unknown()) }),
});
const toolList = z.object({ result: z.object({ tools: z.array(tool).length(7) }) });
/** Either form of an answer, in JSON or in one server-sent event. */
const reply = z.union([
  z.object({ result: z.looseObject({ isError: z.boolean().optional() }) }),
  z.object({ error: z.object({ code: z.int(), message: z.string() }) }),
]);

const jsonIn = (text: string): unknown => JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text);

/** Names of arguments that no tool has. */
const unknown = ['user_id', '__proto__', 'constructor', '', 'x'.repeat(500), '\n', '😀'];

/** Texts that internal errors would have. */
const internal = /SQL|postgres|node_modules|\bat \S+ \(|TypeError|undefined/i;

describe(`random calls of MCP tools (seed ${seed})`, function () {
  this.timeout(60_000 + requests * 20);
  let service: Service;
  let user: User;
  let other: User;
  let tools: readonly z.infer<typeof tool>[];
  let ids: readonly string[];

  before(async () => {
    service = await startService({ store: 'PostgreSQL', environment: { MCP_ENABLED: 'true' } });
    user = await service.user();
    other = await service.user();
    await other.post('/api/tasks', { title: 'of another user' });
    const list = await postMcp(rpc('tools/list'), { url: service.url, token: user.token });
    ({ tools } = toolList.parse(jsonIn(await list.text())).result);
    const added = await user.post('/api/tasks', { title: 'Milk' });
    const foreign = await other.get('/api/tasks');
    ids = [added, foreign].map(({ text }) => /"id":"([^"]+)"/.exec(text)?.[1] ?? '').concat(absentId, 'x');
  });
  after(() => service[Symbol.asyncDispose]());

  const value = (random: Random, depth = 0): unknown =>
    random.pick<() => unknown>([
      () => random.pick(ids),
      () =>
        random.pick([
          '',
          ' ',
          'Milk',
          'a,b',
          '\u0000',
          '\ud800',
          '😀'.repeat(random.below(300)),
          '%_\\',
          '"',
          '$1',
        ]),
      () =>
        random.pick(['high', 'completed', 'title', 'desc', '2026-11-30', '2026-02-30', 'true', '__proto__']),
      () => random.pick([0, -1, 1, 1.5, 1e308, 2 ** 53, 1001]),
      () => random.pick([true, false, null]),
      () => (depth > 2 ? [] : Array.from({ length: random.below(25) }, () => value(random, depth + 1))),
      () => (depth > 2 ? {} : { [random.pick(['id', 'toString', 'constructor'])]: value(random, depth + 1) }),
    ])();

  const nextCall = (
    random: Random,
  ): { readonly name: string; readonly body: string; readonly isModern: boolean } => {
    const { name, inputSchema } = random.pick(tools);
    const args: Record<string, unknown> = {};
    const isValid = random.below(5) === 0;
    for (const key of Object.keys(inputSchema.properties))
      if (!isValid && random.below(2) === 0) args[key] = value(random);
    const takesId = 'id' in inputSchema.properties;
    if (isValid && name === 'add_task') args['title'] = 'Milk';
    if (takesId && (isValid || random.below(2) === 0)) args['id'] = random.pick(ids);
    if (!isValid && random.below(10) === 0) args[random.pick(unknown)] = value(random);
    const params = { name, arguments: random.below(50) === 0 ? value(random) : args };
    const isModern = random.below(2) === 0;
    return { name, isModern, body: isModern ? modernRpc('tools/call', params) : rpc('tools/call', params) };
  };

  it('given random arguments: a result or an error of the protocol, no 5xx, no internal text, nothing of others', async () => {
    let started = 0;
    let succeeded = 0;
    const worker = async (): Promise<void> => {
      while (started < requests) {
        const { name, body, isModern } = nextCall(random(seed + started++));
        const headers = {
          'MCP-Protocol-Version': '2026-07-28',
          'Mcp-Method': 'tools/call',
          'Mcp-Name': name,
        };
        const answer = await postMcp(body, {
          url: service.url,
          token: user.token,
          ...(isModern ? { headers } : {}),
        });
        const text = await answer.text();
        expect(answer.status, body).to.be.oneOf([200, 400]);
        const found = reply.parse(jsonIn(text));
        if ('error' in found) expect(found.error.code, text).to.be.oneOf([-32600, -32602]);
        else if (found.result.isError !== true) succeeded += 1;
        expect(text.replaceAll(/\\".*?\\"/g, ''), body).not.to.match(internal);
        expect(text).not.to.include('of another user');
      }
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
    expect(succeeded, 'calls that succeeded').to.be.above(requests / 50);
    expect(service.observations.filter(({ type }) => type === 'failure')).to.deep.equal([]);
    expect((await other.get('/api/tasks')).text)
      .to.include('of another user')
      .and.include('"revision":1');
  });

  it('given random messages: an error of the protocol, no 5xx', async () => {
    const methods = [
      'tools/call',
      'resources/read',
      'prompts/get',
      'subscriptions/listen',
      'initialize',
      'nope',
      '',
    ];
    let started = 0;
    const worker = async (): Promise<void> => {
      while (started < requests / 2) {
        const next = random(seed + 1_000_000 + started++);
        const message = { jsonrpc: '2.0', id: value(next), method: next.pick(methods), params: value(next) };
        const body = JSON.stringify(next.below(3) === 0 ? value(next) : message);
        const answer = await postMcp(body, { url: service.url, token: user.token });
        expect(answer.status, body).to.be.within(200, 499);
        expect(await answer.text(), body).not.to.include('node_modules');
      }
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
    expect(service.observations.filter(({ type }) => type === 'failure')).to.deep.equal([]);
  });
});
