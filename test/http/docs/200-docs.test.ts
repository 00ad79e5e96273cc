import { expect } from 'chai';
import dist from 'swagger-ui-dist/package.json' with { type: 'json' };
import type { Answer } from '../../support/http/http-client.ts';
import { ownService } from '../../support/http/suites.ts';

describe('200 /docs', () => {
  const service = ownService();

  it('given no token, with or without a trailing slash: the HTML page', async () => {
    for (const path of ['/docs', '/docs/']) {
      const answer = await service().anonymous.get(path);
      expect(answer.status).to.equal(200);
      expect(answer.headers['content-type']).to.equal('text/html; charset=utf-8');
      expect(answer.text).to.include('<title>Taskhold</title>').and.include('"url":"/openapi.json"');
    }
  });

  it('given HEAD: 200; given POST: 405; given OPTIONS: 204', async () => {
    const head = await service().anonymous.head('/docs');
    expect(head.status).to.equal(200);
    expect(head.headers['content-type']).to.equal('text/html; charset=utf-8');
    const refused = await service().anonymous.post('/docs', {});
    expect(refused.status).to.equal(405);
    expect(refused.headers['allow']).to.equal('GET, HEAD, OPTIONS');
    expect(refused.headers['content-security-policy'])
      .to.include("default-src 'none'")
      .and.not.include('nonce');
    const options = await service().anonymous.options('/docs');
    expect([options.status, options.headers['allow']]).to.deep.equal([204, 'GET, HEAD, OPTIONS']);
  });

  it('given the page: its Content-Security-Policy allows only scripts and styles with the nonce', async () => {
    const { headers, text } = await service().anonymous.get('/docs');
    const policy = headers['content-security-policy'] ?? '';
    const nonce = nonceOf(policy);
    expect(policy.split(';')).to.include.members([
      "default-src 'none'",
      `script-src 'nonce-${nonce}'`,
      `style-src 'nonce-${nonce}'`,
      "connect-src 'self'",
    ]);
    expect(policy).not.to.match(/unsafe|https?:|\*/);
    for (const [element] of text.matchAll(/<(?:script|style|link rel="stylesheet")[^>]*>/g))
      expect(element).to.include(`nonce="${nonce}"`);
    expect(text).not.to.match(/ style=| on[a-z]+="/);
  });

  it('given two requests: different nonces, and Cache-Control no-store', async () => {
    const first = await service().anonymous.get('/docs');
    const second = await service().anonymous.get('/docs');
    expect(nonceOf(first.headers['content-security-policy'])).not.to.equal(
      nonceOf(second.headers['content-security-policy']),
    );
    expect(first.headers['cache-control']).to.equal('no-store');
  });

  it('given the page: its files are served from versioned paths with Cache-Control immutable', async () => {
    const types: Record<string, string> = {
      css: 'text/css; charset=utf-8',
      js: 'text/javascript; charset=utf-8',
      png: 'image/png',
    };
    const files = filesOf(await service().anonymous.get('/docs'));
    expect(files).to.have.lengthOf(4);
    for (const file of files) {
      expect(file).to.include(`/docs/${dist.version}/`);
      const answer = await service().anonymous.get(file);
      expect(answer.status, file).to.equal(200);
      expect(answer.body.length, file).to.be.greaterThan(500);
      expect(answer.headers['content-type'], file).to.equal(types[file.split('.').at(-1) ?? '']);
      expect(answer.headers['cache-control'], file).to.equal('public, max-age=31536000, immutable');
      const known = { headers: { 'if-none-match': answer.headers['etag'] ?? '' } };
      expect((await service().anonymous.get(file, known)).status, file).to.equal(304);
      expect((await service().anonymous.head(file)).headers['etag'], file).to.equal(answer.headers['etag']);
    }
  });

  it('given any other path below /docs: 404', async () => {
    const root = `/docs/${dist.version}`;
    for (const path of [
      '/docs/other',
      '/docs/swagger-ui.css',
      '/docs/1.0.0/swagger-ui-bundle.js',
      root,
      `${root}/package.json`,
      `${root}/../../package.json`,
      `${root}/..%2f..%2fpackage.json`,
      `${root}/%2e%2e/%2e%2e/package.json`,
      `${root}/swagger-ui-bundle.js/x`,
      '/Docs',
      '/api-docs',
    ]) {
      const answer = await service().anonymous.get(path);
      expect(answer.status, path).to.equal(404);
    }
    expect((await service().anonymous.get('/api/docs')).status).to.equal(401);
  });
});

const nonceOf = (policy: string | undefined): string => /'nonce-([^']+)'/.exec(policy ?? '')?.[1] ?? '';

const filesOf = ({ text }: Answer): string[] =>
  [...text.matchAll(/<(?:script|link)[^>]* (?:src|href)="([^"]*)"/g)].map(([, file]) => file ?? '');
