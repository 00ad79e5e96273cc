import { expect } from 'chai';
import { z } from 'zod';
import packageJson from '../../../package.json' with { type: 'json' };
import { listOf } from '../../support/http/response-schemas.ts';
import { describeInMemory } from '../../support/http/suites.ts';

describeInMemory('200 and 303 /', (service) => {
  const get = (accept: string | null, target = '/') =>
    service().anonymous.get(target, accept === null ? {} : { headers: { Accept: accept } });

  for (const accept of [
    null,
    '',
    '*/*',
    'application/json',
    'application/*',
    'application/json, text/plain, */*',
    'application/json, text/html',
    'application/json, text/html;q=0.9',
    'text/html;q=0.5, */*',
    'text/html;q=0.1, application/json;q=0.2',
    'text/html;q=0, */*',
    'text/*;q=0.5, application/json',
    'application/problem+json',
    'image/png',
    'nonsense',
  ])
    it(`given Accept: ${accept ?? '(none)'}: 200 with name, version and addresses`, async () => {
      const answer = await get(accept);
      expect(answer.status).to.equal(200);
      expect(answer.headers['content-type']).to.equal('application/json; charset=utf-8');
      expect(JSON.parse(answer.text)).to.deep.equal({
        service: 'taskhold',
        version: packageJson.version,
        docs: '/docs',
        openapi: '/openapi.json',
        health: '/health',
      });
      expect(answer.headers).not.to.have.property('location');
    });

  for (const accept of [
    'text/html',
    'text/*',
    'TEXT/HTML',
    // Chromium, Firefox and Safari; then one with equal weights.
    'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8',
    'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    'text/html, application/xhtml+xml, */*',
    'text/html, application/json;q=0.9',
    'application/json;q=0, text/html;q=0.1',
  ])
    it(`given Accept: ${accept}: 303 to the documentation`, async () => {
      const answer = await get(accept);
      expect(answer.status).to.equal(303);
      expect(answer.headers['location']).to.equal('/docs');
      expect(answer.text).to.equal('');
      expect((await get(accept, answer.headers['location'])).status).to.equal(200);
    });

  it('given the addresses of the response: each is 200', async () => {
    const { docs, openapi, health } = z
      .record(z.string(), z.string())
      .parse(JSON.parse((await get(null)).text));
    for (const address of [docs, openapi, health].map(String))
      expect((await get(null, address)).status, address).to.equal(200);
  });

  it('given JSON or HTML: Vary: Origin, Accept and Cache-Control: no-cache', async () => {
    for (const accept of ['application/json', 'text/html']) {
      const { headers } = await get(accept);
      expect(listOf(headers['vary'])).to.deep.equal(['origin', 'accept']);
      expect(headers['cache-control']).to.equal('no-cache');
    }
  });

  it('given HEAD: status and headers of GET, without a body', async () => {
    for (const [accept, status] of [
      ['*/*', 200],
      ['text/html', 303],
    ] as const) {
      const headers = { Accept: accept, 'X-Request-Id': 'the-same' };
      const [read, head] = [
        await service().anonymous.get('/', { headers }),
        await service().anonymous.head('/', { headers }),
      ];
      expect([head.status, head.text]).to.deep.equal([status, '']);
      const length = status === 200 ? {} : { 'content-length': '0' }; // HEAD may leave out a length of 0
      expect({ ...head.headers, ...length, date: '' }).to.deep.equal({ ...read.headers, date: '' });
    }
  });

  it('given a valid token, an invalid token or a query: the same body', async () => {
    const user = await service().user();
    const bad = { headers: { Authorization: 'Bearer nonsense' } };
    const { text } = await get(null);
    for (const answer of [
      await user.get('/'),
      await service().anonymous.get('/', bad),
      await service().anonymous.get('/?x=%zz'),
    ]) {
      expect([answer.status, answer.text]).to.deep.equal([200, text]);
      expect(answer.headers).not.to.have.property('ratelimit');
    }
  });

  it('given an allowed origin: CORS headers', async () => {
    const origin = 'http://localhost:3000';
    const answer = await service().anonymous.get('/', { headers: { origin } });
    expect(answer.headers['access-control-allow-origin']).to.equal(origin);
  });

  for (const target of ['//', '///', '/%2f', '/%', '/.', '/x'])
    it(`given ${target}: 400 or 404`, async () => {
      expect((await get(null, target)).status).to.be.oneOf([400, 404]);
    });
});
