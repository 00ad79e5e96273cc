import { createServer } from 'node:http';
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { z } from 'zod';
import { ownBrowser } from '../support/processes/browser.ts';
import { listening } from '../support/http/listening.ts';
import { startService, type Service } from '../support/http/service.ts';

const fetched = z.object({
  status: z.int(),
  headers: z.record(z.string(), z.string()),
  json: z.unknown(),
});
type Fetched = z.infer<typeof fetched>;

describe('a frontend in a browser', function () {
  this.timeout(120_000);
  const browser = ownBrowser();
  const opened = new AsyncDisposableStack();
  let service: Service;
  let known: string;
  let unknown: string;
  before(async () => {
    [known, unknown] = [await emptySite(opened), await emptySite(opened)];
    service = opened.use(await startService({ environment: { CORS_ORIGINS: known, RATE_LIMIT_MAX: '100' } }));
  });
  after(() => opened.disposeAsync());

  const api = (page: Page, token: string) => {
    return async (method: string, path: string, headers: object = {}, body?: object): Promise<Fetched> => {
      const options = {
        method,
        credentials: 'include',
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      };
      const seen = await page.evaluate(
        `fetch(${JSON.stringify(service.url + path)}, ${JSON.stringify(options)}).then(async (response) => ({
          status: response.status,
          headers: Object.fromEntries(response.headers),
          json: await response.json().catch(() => null),
        }))`,
      );
      return fetched.parse(seen);
    };
  };

  it('given a configured origin: every operation succeeds, and the exposed headers are readable', async () => {
    const { page, complaints } = await browser();
    await page.goto(known);
    const send = api(page, (await service.user('reader')).token);

    const created = await send('POST', '/api/tasks', { 'X-Request-Id': 'mine' }, { title: 'Buy milk' });
    expect(created.status).to.equal(201);
    const { id } = z.looseObject({ id: z.string() }).parse(created.json);
    const task = `/api/reader/tasks/${id}`;
    expect(created.headers).to.include({ etag: '"1"', location: `/api/tasks/${id}`, 'x-request-id': 'mine' });
    expect(created.headers).to.include.keys('ratelimit', 'ratelimit-policy');

    const changed = await send('PUT', task, { 'If-Match': '"1"' }, { title: 'Buy oat milk' });
    expect([changed.status, changed.headers['etag']]).to.deep.equal([200, '"2"']);
    expect((await send('PATCH', task, {}, { description: 'Two litres' })).status).to.equal(200);
    expect((await send('PATCH', `${task}/complete`)).status).to.equal(200);
    expect((await send('POST', '/api/tasks', {}, { title: 'Another' })).status).to.equal(201);

    const page1 = await send('GET', '/api/tasks?limit=1&count=true');
    expect(page1.headers).to.include({ 'x-total-count': '2' });
    expect(page1.json).to.have.lengthOf(1);
    const next = /<([^>]*)>; rel="next"/.exec(page1.headers['link'] ?? '')?.[1] ?? '';
    const page2 = await send('GET', next);
    expect(page2.json).to.have.deep.nested.property('[0].title', 'Buy oat milk');
    expect((await send('GET', task, { 'If-None-Match': '"4"' })).status).to.equal(304);
    expect((await send('DELETE', task)).status).to.equal(204);
    expect(complaints).to.deep.equal([]);
  });

  it('given 401 or 403: problem and request id are readable', async () => {
    const { page } = await browser();
    await page.goto(known);
    const refused = await api(page, 'no.good.token')('GET', '/api/tasks');
    expect(refused.status).to.equal(401);
    expect(refused.json).to.include({ code: 'unauthenticated', request_id: refused.headers['x-request-id'] });
    const foreign = await api(page, (await service.user()).token)('GET', '/api/somebody/tasks');
    expect(foreign.status).to.equal(403);
    expect(foreign.json).to.have.property('detail').that.is.a('string');
  });

  it('given an origin that is not configured: requests fail and nothing is written', async () => {
    const { page, complaints } = await browser();
    await page.goto(unknown);
    const user = await service.user();
    const send = api(page, user.token);
    for (const [method, body] of [['GET'], ['POST', { title: 'Planted' }]] as const) {
      const error = await send(method, '/api/tasks', {}, body).then(String, String);
      expect(error).to.include('Failed to fetch');
    }
    expect(complaints.join()).to.include('CORS policy');
    expect((await user.get('/api/tasks')).text).to.equal('[]');
  });
});

/** A site with one empty page, on a new origin. */
const emptySite = async (opened: AsyncDisposableStack): Promise<string> => {
  const server = createServer((_, response) =>
    response.setHeader('Content-Type', 'text/html').end('<!doctype html><link rel="icon" href="data:,">'),
  );
  return `http://localhost:${await listening(server, opened)}`;
};
