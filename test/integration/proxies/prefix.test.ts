import { expect } from 'chai';
import { z } from 'zod';
import { taskBody } from '../../support/http/response-schemas.ts';
import { ownProxiedService } from '../../support/http/proxied-service.ts';
import { proxyKinds } from '../../support/processes/proxy.ts';
import { tokenFor } from '../../support/tokens/tokens.ts';

const linkTarget = /^<([^>]*)>; rel="next"$/;

for (const kind of proxyKinds)
  describe(`${kind} with the prefix /todo/`, () => {
    const proxied = ownProxiedService(kind);

    /** Sends a request to an address, relative to the documentation page where it has no origin. */
    const send = async (address: string, init: RequestInit = {}): Promise<Response> =>
      fetch(new URL(address, `${proxied().url}/docs`), { redirect: 'manual', ...init });

    const json = async <Shape>(response: Response, schema: z.ZodType<Shape>): Promise<Shape> =>
      schema.parse(await response.json());

    for (const [user, list] of [
      ['plain', 'api/tasks'],
      ['a/b c', 'api/a%2Fb%20c/tasks'],
      ['100%|?#+;é', `api/${encodeURIComponent('100%|?#+;é')}/tasks`],
    ] as const)
      it(`given ${list}: create, read by Location, and list by Link`, async () => {
        const headers = {
          authorization: `Bearer ${await tokenFor(user)}`,
          'content-type': 'application/json',
        };
        const create = async (title: string): Promise<Response> =>
          send(list, { method: 'POST', headers, body: JSON.stringify({ title }) });
        const created = await create('First');
        expect(created.status).to.equal(201);
        const location = created.headers.get('location') ?? '';
        expect(location).to.match(/^\/todo\/api\//);
        expect(await json(await send(location, { headers }), taskBody)).to.include({ title: 'First' });
        await create('Second');

        const titles: string[] = [];
        let next: string | undefined = `${list}?limit=1`;
        while (next !== undefined) {
          const page = await send(next, { headers });
          expect(page.status, next).to.equal(200);
          titles.push(...(await json(page, z.array(taskBody))).map(({ title }) => title));
          next = linkTarget.exec(page.headers.get('link') ?? '')?.[1];
        }
        expect(titles).to.deep.equal(['Second', 'First']);
      });

    it('given a browser at /todo/: it reaches the documentation page, and all its files', async () => {
      const root = await send('/todo/', { headers: { accept: 'text/html' } });
      expect(root.status).to.equal(303);
      const page = await send(root.headers.get('location') ?? '');
      expect(page.status).to.equal(200);
      const text = await page.text();
      const files = [...text.matchAll(/ (?:src|href)="([^"]*)"/g)].map(([, file = '']) => file);
      expect(files).to.have.lengthOf(4);
      for (const file of files) expect((await send(file)).status, file).to.equal(200);
      const [, document = ''] = /"url":"([^"]*)"/.exec(text) ?? [];
      expect(document).to.equal('/todo/openapi.json');
      expect((await send(document)).status).to.equal(200);
    });

    it('given /todo without a slash: a redirect to /todo/', async () => {
      const redirect = await send('/todo');
      expect(redirect.status).to.be.oneOf([301, 308]);
      expect(new URL(redirect.headers.get('location') ?? '', proxied().url).pathname).to.equal('/todo/');
    });

    it('given the server of OpenAPI: a request of "Try it out" reaches the service', async () => {
      const schema = z.object({ servers: z.tuple([z.object({ url: z.string() })]) });
      const { servers } = await json(await send('openapi.json'), schema);
      const headers = { authorization: `Bearer ${await tokenFor('reader')}` };
      const listed = await send(`${servers[0].url}/api/tasks`, { headers });
      expect(listed.status).to.equal(200);
      expect(new URL(listed.url).port).to.equal(String(proxied().port));
    });

    it('given GET /: each address of the response is 200', async () => {
      const addresses = await json(await send('/todo/'), z.record(z.string(), z.string()));
      for (const name of ['docs', 'openapi', 'health'])
        expect((await send(addresses[name] ?? '')).status, name).to.equal(200);
    });

    it('given a path outside of the prefix: it does not reach the service', async () => {
      for (const path of ['/health', '/api/tasks', '/todox/health', '/todo/..%2f..%2fmetrics', '/'])
        expect((await send(path)).status, path).to.be.oneOf([400, 404, 503]);
    });
  });
