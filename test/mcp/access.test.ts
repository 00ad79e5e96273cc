import { expect } from 'chai';
import { z } from 'zod';
import { openSession } from '../support/mcp/mcp-client.ts';
import { modernRpc, postMcp, rpc } from '../support/mcp/raw-message.ts';
import { ownService } from '../support/http/suites.ts';
import { signed, tokenFor } from '../support/tokens/tokens.ts';
import { absentId } from '../support/tasks/task-requests.ts';

const problem = z.object({ code: z.string() });
const codeOf = async (answer: Response): Promise<string> => problem.parse(await answer.json()).code;
const call = (name: string, args: unknown): string => rpc('tools/call', { name, arguments: args });

describe('access to /mcp', () => {
  const service = ownService({
    environment: {
      MCP_ENABLED: 'true',
      PUBLIC_URL: 'https://example.com/todo',
      CORS_ORIGINS: 'https://app.example.com',
      JWT_ISSUER: 'https://issuer.example.com',
    },
  });
  const base = 'https://example.com/todo';
  const iss = 'https://issuer.example.com';
  const token = (claims = {}): Promise<string> => tokenFor('a user', { iss, ...claims });

  it('given no token, a bad one, or an expired one: 401 with the address of the metadata', async () => {
    const parameter = `resource_metadata="${base}/.well-known/oauth-protected-resource/mcp"`;
    for (const [bad, start] of [
      [undefined, 'Bearer realm="taskhold", '],
      ['nonsense', 'Bearer realm="taskhold", error="invalid_token", '],
      [await signed({ sub: 'x', iss, exp: 1 }), 'Bearer realm="taskhold", error="invalid_token", '],
    ] as const) {
      const answer = await postMcp(rpc('tools/list'), {
        url: service().url,
        ...(bad === undefined ? {} : { token: bad }),
      });
      expect(answer.status).to.equal(401);
      expect(answer.headers.get('www-authenticate')).to.equal(start + parameter);
      expect(await codeOf(answer)).to.equal('unauthenticated');
    }
  });

  it('given the well-known paths (RFC 9728): the issuer, without a token', async () => {
    for (const path of ['', '/mcp']) {
      const answer = await fetch(`${service().url}/.well-known/oauth-protected-resource${path}`);
      expect(answer.status).to.equal(200);
      expect(answer.headers.get('content-type')).to.include('application/json');
      expect(await answer.json()).to.deep.equal({
        resource: `${base}/mcp`,
        authorization_servers: [iss],
        scopes_supported: ['tasks:read', 'tasks:write'],
        bearer_methods_supported: ['header'],
        resource_name: 'Taskhold',
      });
    }
  });

  it('given the scope tasks:read: reading tools alone, a write is 403 with the scope', async () => {
    const { url } = service();
    const reader = await token({ scope: 'tasks:read' });
    await using session = await openSession({ url, token: reader });
    const { tools } = await session.client.listTools();
    expect(tools.map(({ name }) => name)).to.deep.equal(['list_tasks', 'get_task']);
    for (const [name, args] of [
      ['add_task', { title: 'x' }],
      ['delete_task', { id: absentId }],
    ] as const) {
      const answer = await postMcp(call(name, args), { url, token: reader });
      expect(answer.status).to.equal(403);
      const challenge = answer.headers.get('www-authenticate');
      expect(challenge).to.include('error="insufficient_scope", scope="tasks:write", resource_metadata="');
      expect(await codeOf(answer)).to.equal('insufficient_scope');
    }
    expect(JSON.stringify(await session.call('list_tasks'))).to.include('tasks');
  });

  it('given the scope tasks:write: writing tools alone, no resources and no prompts', async () => {
    await using session = await openSession({
      url: service().url,
      token: await token({ scope: 'tasks:write' }),
    });
    const { tools } = await session.client.listTools();
    expect(tools.map(({ name }) => name)).not.to.include.members(['list_tasks', 'get_task']);
    expect(tools).to.have.length(5);
    expect(session.client.getServerCapabilities()).to.have.keys('tools');
    const read: unknown = await session.client
      .readResource({ uri: 'tasks://list' })
      .catch((error: unknown) => error);
    expect(read).to.be.instanceOf(Error);
    const { url } = service();
    const notifications = { resourceSubscriptions: ['tasks://list'] };
    for (const body of [
      rpc('resources/list'),
      rpc('resources/read', { uri: 'tasks://list' }),
      rpc('prompts/get', { name: 'plan_my_day' }),
      modernRpc('subscriptions/listen', { notifications }),
    ]) {
      const answer = await postMcp(body, { url, token: await token({ scope: 'tasks:write' }) });
      expect(answer.status).to.equal(403);
      expect(answer.headers.get('www-authenticate')).to.include('scope="tasks:read"');
    }
  });

  it('given scopes of tasks that are neither: no tool', async () => {
    await using session = await openSession({
      url: service().url,
      token: await token({ scope: 'tasks:other' }),
    });
    expect((await session.client.listTools()).tools).to.deep.equal([]);
  });

  it('given an Origin: only the configured ones, with or without a token', async () => {
    const { url } = service();
    for (const [origin, status] of [
      ['https://app.example.com', 200],
      ['https://evil.example.com', 403],
      ['null', 403],
      [new URL(url).origin, 403],
    ] as const) {
      const answer = await postMcp(rpc('tools/list'), {
        url,
        token: await token(),
        headers: { Origin: origin },
      });
      expect(answer.status, origin).to.equal(status);
      if (status === 403) expect(await codeOf(answer)).to.equal('malformed_request');
      else expect(answer.headers.get('access-control-allow-origin')).to.equal(origin);
    }
    const anonymous = await postMcp('', { url, headers: { Origin: 'https://evil.example.com' } });
    expect(anonymous.status).to.equal(403);
  });

  it('given a preflight of an allowed origin: the header fields of the protocol are allowed', async () => {
    const answer = await fetch(`${service().url}/mcp`, {
      method: 'OPTIONS',
      headers: { Origin: 'https://app.example.com', 'Access-Control-Request-Method': 'POST' },
    });
    expect(answer.status).to.equal(204);
    expect(answer.headers.get('access-control-allow-headers')).to.include(
      'MCP-Protocol-Version,Mcp-Method'.replace(',', ', '),
    );
  });

  it('given other methods, types and bodies: 405, 415, 413, 400; a batch is none', async () => {
    const { url } = service();
    const options = { url, token: await token() };
    for (const method of ['GET', 'DELETE', 'PUT']) {
      const answer = await postMcp('', { ...options, method });
      expect(answer.status, method).to.equal(405);
      expect(answer.headers.get('allow')).to.equal('OPTIONS, POST');
    }
    for (const [body, headers, status] of [
      [rpc('ping'), { 'Content-Type': 'text/plain' }, 415],
      [`${rpc('ping')}${' '.repeat(64 * 1024)}`, {}, 413],
      ['{', {}, 400],
      [`[${rpc('ping')},${rpc('ping')}]`, {}, 400],
      ['{}', {}, 400],
      [rpc('ping'), { Accept: 'text/html' }, 406],
      [modernRpc('tools/list'), { 'MCP-Protocol-Version': '2026-07-28' }, 400], // without Mcp-Method
    ] as const) {
      const answer = await postMcp(body, { ...options, headers });
      expect(answer.status, body.slice(0, 80)).to.equal(status);
      expect(answer.headers.get('cache-control')).to.equal('no-store');
    }
  });
});

describe('/mcp and the rate limits', () => {
  const service = ownService({ environment: { MCP_ENABLED: 'true', RATE_LIMIT_MAX: '3' } });

  it('given more messages than a user may send: 429, shared with the HTTP API', async () => {
    const user = await service().user();
    const post = (): Promise<Response> =>
      postMcp(rpc('tools/list'), { url: service().url, token: user.token });
    expect((await post()).headers.get('ratelimit')).to.match(/r=2;/);
    await user.get('/api/tasks');
    expect((await post()).status).to.equal(200);
    const refused = await post();
    expect(refused.status).to.equal(429);
    expect(refused.headers.get('retry-after')).to.match(/^\d+$/);
    expect((await user.get('/api/tasks')).status).to.equal(429);
  });
});

describe('/mcp without MCP_ENABLED', () => {
  const service = ownService();

  it('given any request: 404, as any unknown path', async () => {
    const { token } = await service().user();
    for (const path of [
      '/mcp',
      '/.well-known/oauth-protected-resource',
      '/.well-known/oauth-protected-resource/mcp',
    ])
      expect(
        (await fetch(service().url + path, { headers: { Authorization: `Bearer ${token}` } })).status,
      ).to.equal(404);
  });
});
