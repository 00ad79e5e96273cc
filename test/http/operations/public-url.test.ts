import { expect } from 'chai';
import { z } from 'zod';
import type { Answer } from '../../support/http/http-client.ts';
import { taskOf } from '../../support/http/response-schemas.ts';
import { ownService, urlSchemes } from '../../support/http/suites.ts';

const openApi = z.object({ servers: z.array(z.object({ url: z.string() })) });

describe('PUBLIC_URL', () => {
  describe('given https://example.com/todo', () => {
    const service = ownService({ environment: { PUBLIC_URL: 'https://example.com/todo/' } });
    const text = async (path: string): Promise<string> => (await service().anonymous.get(path)).text;

    for (const scheme of urlSchemes)
      it(`given a created task and a page of the ${scheme} list: Location and Link begin with its path`, async () => {
        const user = await service().user(scheme === 'named' ? 'a/b c' : undefined);
        const list = user.lists[scheme];
        const created = await user.post(list, { title: 'First' });
        expect(created.headers['location']).to.equal(`/todo${list}/${taskOf(created).id}`);
        await user.post(list, { title: 'Second' });
        const page = await user.get(`${list}?limit=1`);
        expect(page.headers['link']).to.match(/^<\/todo\/api\//);
        expect(await followed(page, (target) => user.get(target))).to.include('First');
      });

    it('given GET / of a program and of a browser: the addresses and the redirect begin with its path', async () => {
      expect(JSON.parse(await text('/'))).to.include({
        docs: '/todo/docs',
        openapi: '/todo/openapi.json',
        health: '/todo/health',
      });
      const redirect = await service().anonymous.get('/', { headers: { accept: 'text/html' } });
      expect([redirect.status, redirect.headers['location']]).to.deep.equal([303, '/todo/docs']);
    });

    it('given the documentation page: each of its addresses begins with the path', async () => {
      const { text: page, headers } = await service().anonymous.get('/docs');
      const files = [...page.matchAll(/ (?:src|href)="([^"]*)"/g)].map(([, file = '']) => file);
      expect(files).to.have.lengthOf(4);
      for (const file of files) {
        expect(file).to.match(/^\/todo\/docs\//);
        expect((await service().anonymous.get(file.slice('/todo'.length))).status, file).to.equal(200);
      }
      expect(page).to.include('"url":"/todo/openapi.json"');
      expect(headers['content-security-policy']).to.include("connect-src 'self' https://example.com;");
    });

    it('given the OpenAPI document: names it as the only server, and paths stay without it', async () => {
      const document = await text('/openapi.json');
      expect(openApi.parse(JSON.parse(document)).servers).to.deep.equal([
        { url: 'https://example.com/todo' },
      ]);
      expect(document).to.include('"/api/tasks"').and.not.include('"/todo/');
    });

    it('given a request with the path: 404, because the proxy removes it', async () => {
      expect((await service().anonymous.get('/todo/docs')).status).to.equal(404);
    });

    it('given a problem: its type stays the same, because it is a name and not an address', async () => {
      expect(JSON.parse(await text('/nothing'))).to.include({ type: '/problems/not_found' });
    });
  });

  describe('given an origin without a path', () => {
    const service = ownService({ environment: { PUBLIC_URL: 'http://localhost:8080' } });

    it('given documents and a created task: only the server of OpenAPI and connect-src differ from the default', async () => {
      const { anonymous } = service();
      const { servers } = openApi.parse(JSON.parse((await anonymous.get('/openapi.json')).text));
      expect(servers).to.deep.equal([{ url: 'http://localhost:8080' }]);
      const page = await anonymous.get('/docs');
      expect(page.text).to.include('"url":"/openapi.json"');
      expect(page.headers['content-security-policy']).to.include("connect-src 'self' http://localhost:8080;");
      const user = await service().user();
      expect((await user.post('/api/tasks', { title: 'x' })).headers['location']).to.match(/^\/api\/tasks\//);
    });
  });

  describe('given none', () => {
    const service = ownService();

    it('given the OpenAPI document: its server is the root', async () => {
      const { text } = await service().anonymous.get('/openapi.json');
      expect(openApi.parse(JSON.parse(text)).servers).to.deep.equal([{ url: '/' }]);
    });
  });
});

/** The text of the next page; its path is removed, as a proxy does. */
const followed = async (page: Answer, get: (target: string) => Promise<Answer>): Promise<string> => {
  const [, target = ''] = /^<\/todo([^>]*)>; rel="next"$/.exec(page.headers['link'] ?? '') ?? [];
  return (await get(target)).text;
};
