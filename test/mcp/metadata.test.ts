import { request } from 'node:http';
import { expect } from 'chai';
import { z } from 'zod';
import { ownService } from '../support/http/suites.ts';

const metadata = z.object({ resource: z.string(), authorization_servers: z.array(z.string()).optional() });

describe('protected resource metadata without PUBLIC_URL', () => {
  const service = ownService({ environment: { MCP_ENABLED: 'true', JWT_ISSUER: 'not a URL' } });

  const resourceFor = (host: string): Promise<z.infer<typeof metadata>> =>
    new Promise((resolve, reject) => {
      const { port } = service();
      const path = '/.well-known/oauth-protected-resource/mcp';
      request({ host: '127.0.0.1', port, path, headers: { host } }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve(metadata.parse(JSON.parse(Buffer.concat(chunks).toString()))));
      })
        .on('error', reject)
        .end();
    });

  it('given a name of this machine with the right port as Host: the resource is there', async () => {
    const { port } = service();
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`])
      expect((await resourceFor(host)).resource).to.equal(`http://${host}/mcp`);
  });

  it('given any other Host: the address of the listener, and never that Host', async () => {
    const { port } = service();
    for (const host of ['evil.example.com', `evil.example.com:${port}`, 'localhost:1', 'localhost'])
      expect((await resourceFor(host)).resource).to.equal(`http://127.0.0.1:${port}/mcp`);
  });

  it('given an issuer that is no URL: no authorization server', async () => {
    expect(await resourceFor(`localhost:${service().port}`)).not.to.have.property('authorization_servers');
  });
});
