import { expect } from 'chai';
import { problemOf, taskBody } from '../../support/http/response-schemas.ts';
import { ownProxiedService, sendTo, type Reply, type Sent } from '../../support/http/proxied-service.ts';
import { proxyKinds } from '../../support/processes/proxy.ts';
import { tokenFor } from '../../support/tokens/tokens.ts';

const origin = 'https://app.example.com';
const path = '/todo/api/tasks';

for (const kind of proxyKinds)
  describe(`requests through ${kind}`, function () {
    this.timeout(30_000);
    const proxied = ownProxiedService(kind, { environment: { CORS_ORIGINS: origin } });
    let token: string;
    before(async () => {
      token = await tokenFor('proxied');
    });

    const send = (sent: Partial<Sent> = {}): Promise<Reply> =>
      sendTo({
        port: proxied().port,
        path,
        ...sent,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...sent.headers },
      });

    it('given HEAD: the headers of GET, without a body', async () => {
      const [read, head] = [await send(), await send({ method: 'HEAD' })];
      expect([head.status, head.text]).to.deep.equal([200, '']);
      expect(head.headers.etag).to.equal(read.headers.etag);
    });

    it('given OPTIONS: 204 with Allow', async () => {
      const { status, headers } = await send({ method: 'OPTIONS' });
      expect([status, headers.allow]).to.deep.equal([204, 'GET, HEAD, OPTIONS, POST']);
    });

    it('given a preflight: 204 without a token, and the origin is allowed', async () => {
      const { status, headers } = await sendTo({
        port: proxied().port,
        method: 'OPTIONS',
        path,
        headers: { origin, 'access-control-request-method': 'PATCH' },
      });
      expect(status).to.equal(204);
      expect(headers['access-control-allow-origin']).to.equal(origin);
      expect(headers['access-control-allow-methods']).to.include('PATCH');
    });

    it('given a POST with the origin of PUBLIC_URL, which CORS does not list: 201, because it is same-origin', async () => {
      const headers = { origin: new URL(proxied().url).origin };
      const { status } = await send({ method: 'POST', body: ['{"title":"Same origin"}'], headers });
      expect(status).to.equal(201);
    });

    it('given PUT, PATCH and DELETE: 200, 200 and 204', async () => {
      const created = await send({ method: 'POST', body: ['{"title":"First"}'] });
      const task = { path: created.headers.location ?? '' };
      const statuses = [
        await send({ ...task, method: 'PUT', body: ['{"title":"Second"}'] }),
        await send({ ...task, method: 'PATCH', body: ['{"completed":true}'] }),
        await send({ ...task, method: 'DELETE' }),
      ].map(({ status }) => status);
      expect(statuses).to.deep.equal([200, 200, 204]);
    });

    it('given X-Request-Id: it is kept', async () => {
      const { headers } = await send({ headers: { 'x-request-id': 'mine-1' } });
      expect(headers['x-request-id']).to.equal('mine-1');
    });

    it('given a slow body with and without Content-Length: 201', async () => {
      const body = ['{"title":', '"Sl', 'ow"}'];
      const chunked: Record<string, string> = { 'transfer-encoding': 'chunked' };
      for (const headers of [{}, chunked]) {
        const { status, text } = await send({ method: 'POST', body, pauseMs: 300, headers });
        expect(status).to.equal(201);
        expect(taskBody.parse(JSON.parse(text)).title).to.equal('Slow');
      }
    });

    it('given a body of almost 64 KiB: 422 for its title, so it arrived', async () => {
      const { status } = await send({
        method: 'POST',
        body: [JSON.stringify({ title: 'x'.repeat(65_000) })],
      });
      expect(status).to.equal(422);
    });

    for (const bytes of [66_000, 200_000, 900_000])
      it(`given a body of ${bytes} bytes: 413 with a problem each time, and no 502`, async () => {
        for (let round = 0; round < 10; round += 1) {
          const reply = await send({ method: 'POST', body: [`{"title":"${'x'.repeat(bytes)}"}`] });
          const answer = { ...reply, headers: {}, body: Buffer.from(reply.text) };
          expect([reply.status, problemOf(answer).code]).to.deep.equal([413, 'body_too_large']);
        }
      });

    it('given the longest search and a page in the middle: 200 with its three links', async () => {
      const title = '\u{1f95b}'.repeat(200);
      for (let n = 0; n < 3; n += 1) await send({ method: 'POST', body: [JSON.stringify({ title })] });
      const query = new URLSearchParams({ search: title, sort_by: 'title', page: '2', limit: '1' });
      const { status, headers } = await send({ path: `${path}?${query.toString()}` });
      expect(status).to.equal(200);
      expect(String(headers['link']).match(/rel="\w+"/g)).to.deep.equal([
        'rel="next"',
        'rel="prev"',
        'rel="first"',
      ]);
    });

    it('given headers of 7 KiB: 200', async () => {
      const { status } = await send({ headers: { 'x-long': 'x'.repeat(7_000) } });
      expect(status).to.equal(200);
    });
  });
