import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { RequestOptions } from '../../support/http/http-client.ts';
import { problemOf, tasksOf } from '../../support/http/response-schemas.ts';
import { describeInMemory, urlSchemes } from '../../support/http/suites.ts';
import { kept, perform, targetOf, requestsThatReadBodies } from '../../support/tasks/task-requests.ts';

const limit = 65_536;

/** A valid body of this size. */
const bodyOf = (bytes: number): string => {
  const body = '{"completed":true,"title":"x","padding":""}';
  return body.replace('""', `"${'x'.repeat(bytes - body.length)}"`);
};

/** Brotli with a quality below its default, which takes seconds. */
const brotli = (body: string | Buffer): Buffer =>
  brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } });

const json = { 'Content-Type': 'application/json' };
const chunked = { ...json, 'Transfer-Encoding': 'chunked' };
const encoded = (coding: string) => ({ ...json, 'Content-Encoding': coding });

const encodings: readonly (readonly [what: string, optionsFor: (body: string) => RequestOptions])[] = [
  ['with a Content-Length', (body) => ({ headers: json, body })],
  ['chunked', (body) => ({ headers: chunked, body })],
  ['gzipped', (body) => ({ headers: encoded('gzip'), body: gzipSync(body) })],
  [
    'gzipped without compression',
    (body) => ({ headers: encoded('gzip'), body: gzipSync(body, { level: 0 }) }),
  ],
  ['gzipped and chunked', (body) => ({ headers: { ...chunked, ...encoded('gzip') }, body: gzipSync(body) })],
  ['deflated', (body) => ({ headers: encoded('deflate'), body: deflateSync(body) })],
  ['compressed with brotli', (body) => ({ headers: encoded('br'), body: brotli(body) })],
];

describeInMemory('413 body_too_large', (service) => {
  for (const request of requestsThatReadBodies) {
    for (const [what, optionsFor] of encodings) {
      it(`given ${request.name} with ${limit} bytes, ${what}: ${request.status}`, async () => {
        const user = await service().user();
        for (const scheme of urlSchemes) {
          const { id } = await kept(user);
          const answer = await perform(user, user.lists[scheme], request, id, optionsFor(bodyOf(limit)));
          expect(answer.status, answer.text.slice(0, 300)).to.equal(request.status);
        }
      });

      for (const size of request.name === 'create' ? [limit + 1, 2 * limit, 2_000_000] : [limit + 1]) {
        it(`given ${request.name} with ${size} bytes, ${what}: 413, nothing written`, async () => {
          const user = await service().user();
          const task = await kept(user);
          for (const scheme of urlSchemes) {
            const target = targetOf(user.lists[scheme], request, task.id);
            const answer = await user.send(request.method, target, optionsFor(bodyOf(size)));
            expect(answer.status, answer.text).to.equal(413);
            expect(problemOf(answer).code).to.equal('body_too_large');
          }
          expect(tasksOf(await user.get(user.lists.own))).to.deep.equal([task]);
        });
      }
    }
  }

  it('given malformed JSON over the limit: 413', async () => {
    const user = await service().user();
    const answer = await user.send('POST', user.lists.own, { headers: json, body: '{'.repeat(limit + 1) });
    expect(answer.status).to.equal(413);
  });

  it('given another media type over the limit: 415', async () => {
    const user = await service().user();
    const headers = { 'Content-Type': 'text/plain' };
    const answer = await user.send('POST', user.lists.own, { headers, body: 'x'.repeat(limit + 1) });
    expect(answer.status).to.equal(415);
  });

  for (const [coding, compress] of [
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotli],
  ] as const) {
    it(`given a ${coding} bomb: 413 without inflating all of it`, async function () {
      this.timeout(30_000);
      const bomb = compress(Buffer.alloc(20_000_000, ' '));
      const user = await service().user();
      const began = performance.now();
      const memory = process.memoryUsage().arrayBuffers;
      for (let n = 0; n < 3; n += 1) {
        const answer = await user.send('POST', user.lists.own, { headers: encoded(coding), body: bomb });
        expect(answer.status).to.equal(413);
      }
      expect(performance.now() - began).to.be.below(10_000);
      expect(process.memoryUsage().arrayBuffers - memory).to.be.below(15_000_000);
    });
  }

  for (const length of [
    '65537',
    '4294967296',
    '4294967297',
    '10737418240',
    '9007199254740991',
    '9007199254740993',
  ]) {
    it(`given Content-Length: ${length} without a body: 413 before the body is sent`, async () => {
      const { token } = await service().user();
      for (const extra of ['', 'Expect: 100-continue\r\n']) {
        const { answers, interim } = await service().raw(
          `POST /api/tasks HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n${extra}\r\n`,
          { answers: 1 },
        );
        expect(answers.map(({ status }) => status)).to.deep.equal([413]);
        expect(interim).to.deep.equal([]);
      }
    });
  }

  it('given an endless gzip body that inflates to nothing: 413, and the connection is closed', async () => {
    const { token } = await service().user();
    const empty = gzipSync(''); // one gzip member; any number of them inflate to nothing
    const { answers, closed } = await service().raw(
      `POST /api/tasks HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n`,
      {
        then: (socket) => {
          const chunk = Buffer.concat(Array.from({ length: 500 }, () => empty));
          const write = () => {
            if (socket.destroyed) return;
            socket.write(`${chunk.length.toString(16)}\r\n`);
            socket.write(chunk);
            socket.write('\r\n', () => setImmediate(write));
          };
          write();
        },
      },
    );
    expect(answers.map(({ status }) => status)).to.deep.equal([413]);
    expect(closed).to.be.true;
  });
});
