import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { listening } from '../../support/http/listening.ts';
import { freePort } from '../../support/processes/free-port.ts';
import { startProgram } from '../../support/processes/program.ts';

const script = fileURLToPath(new URL('../../../src/cli/check-health.ts', import.meta.url));

const check = async (environment: Readonly<Record<string, string>>): Promise<unknown> => {
  const { PATH, NODE_V8_COVERAGE } = process.env;
  const options = { cwd: '/', environment: { PATH, NODE_V8_COVERAGE, ...environment } };
  await using program = await startProgram([process.execPath, script], options);
  return await program.ended;
};

describe('check-health', () => {
  for (const [status, code] of [
    [200, 0],
    [503, 1],
  ] as const)
    it(`given ${status} for /health/live: exit code ${code}`, async () => {
      await using opened = new AsyncDisposableStack();
      const server = createServer((request, response) => {
        response.writeHead(request.url === '/health/live' ? status : 404).end();
      });
      const port = String(await listening(server, opened));
      for (const HOST of ['', '0.0.0.0', '127.0.0.1', '::'])
        expect(await check({ HOST, PORT: port }), HOST).to.equal(code);
    });

  it('given no listener: exit code 1', async () => {
    expect(await check({ PORT: String(await freePort()) })).to.equal(1);
  });
});
