import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import suite from '@modelcontextprotocol/conformance/package.json' with { type: 'json' };
import { expect } from 'chai';
import { startService, type Service } from '../support/http/service.ts';
import { applicable, skipped } from './scenarios.ts';

const packageUrl = import.meta.resolve('@modelcontextprotocol/conformance/package.json');
const program = fileURLToPath(new URL(suite.bin.conformance, packageUrl));

/** The output of the suite; rejects where it reports a failure. */
const conformance = async (...args: readonly string[]): Promise<string> =>
  (await promisify(execFile)(process.execPath, [program, ...args], { timeout: 50_000 })).stdout;

/** The suite sends no token: this adds one, and passes everything else on as it is. */
const withToken = async (port: number, token: string): Promise<Server> => {
  const proxy = createServer((incoming, response) => {
    const { method, url: path, headers } = incoming;
    const sent = request(
      { host: '127.0.0.1', port, method, path, headers: { ...headers, authorization: `Bearer ${token}` } },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    incoming.pipe(sent);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return proxy;
};

describe(`the official MCP conformance suite ${suite.version}`, () => {
  let service: Service;
  let proxy: Server;
  let url: string;
  before(async () => {
    service = await startService({ environment: { MCP_ENABLED: 'true' } });
    proxy = await withToken(service.port, (await service.user()).token);
    const address = proxy.address();
    url = `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}/mcp`;
  });
  after(async () => {
    proxy.closeAllConnections();
    proxy.close();
    await service[Symbol.asyncDispose]();
  });

  it('given the scenarios for servers: each is run, or skipped for a reason', async () => {
    const listed = [...(await conformance('list', '--server')).matchAll(/^ {2}- (\S+)/gm)].map(
      ([, name]) => name,
    );
    expect(listed).to.have.members([...applicable, ...Object.keys(skipped)]);
  });

  for (const scenario of applicable) {
    it(`given ${scenario}: passed`, async () => {
      const output = await conformance('server', '--url', url, '--scenario', scenario);
      expect(output).to.match(/Passed: ([1-9]\d*)\/\1, 0 failed, 0 warnings/);
    });
  }

  for (const [scenario, reason] of Object.entries(skipped)) it.skip(`${scenario}: ${reason}`);
});
