import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { problemOf, taskOf, tasksOf } from '../../support/http/response-schemas.ts';
import { describeInMemory, urlSchemes } from '../../support/http/suites.ts';
import { kept, perform, requestsThatReadBodies, targetOf } from '../../support/tasks/task-requests.ts';

const text = '{"title":"Bread","completed":true}';

const otherTypes = [
  undefined,
  '',
  'text/plain',
  'text/json',
  'text/plain; application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/xml',
  'application/octet-stream',
  'application/jsonp',
  'application/json5',
  'application/x-json',
  'application/',
  'json',
  'application json',
  '*/*',
  'application/*',
  'application/json; charset=utf-16',
  'application/json; charset=iso-8859-1',
  'application/json;charset="latin1"',
  'application/json; x=y; charset=utf-7',
];

const jsonTypes = [
  'application/json',
  'application/json;',
  'application/json; charset=utf-8',
  'application/json;charset=UTF-8',
  'application/json; charset="utf-8"',
  'application/json ; charset=utf8',
  'APPLICATION/JSON; CHARSET=UTF-8',
  'application/json; version=1',
  'application/json; version=1; charset=utf-8',
];

const otherCodings = [
  'zstd',
  'compress',
  'x-gzip',
  'gzip, gzip',
  'gzip, br',
  'identity, gzip',
  'gzip;q=1',
  'base64',
  '*',
  'gzip,',
  'aes128gcm',
];

const codings: readonly (readonly [coding: string, body: Buffer | string])[] = [
  ['identity', text],
  ['Identity', text],
  ['', text],
  ['gzip', gzipSync(text)],
  ['GZIP', gzipSync(text)],
  ['deflate', deflateSync(text)],
  ['Deflate', deflateSync(text)],
  ['br', brotliCompressSync(text)],
  ['BR', brotliCompressSync(text)],
];

describeInMemory('415 unsupported_media_type', (service) => {
  for (const request of requestsThatReadBodies) {
    for (const type of otherTypes) {
      it(`given ${request.name} with Content-Type: ${type ?? '(none)'}: 415, nothing written`, async () => {
        const user = await service().user();
        const task = await kept(user);
        for (const scheme of urlSchemes) {
          for (const transfer of [{}, { 'Transfer-Encoding': 'chunked' }]) {
            const headers = { ...(type === undefined ? {} : { 'Content-Type': type }), ...transfer };
            const answer = await perform(user, user.lists[scheme], request, task.id, { headers, body: text });
            expect(answer.status, answer.text).to.equal(415);
            expect(problemOf(answer).code).to.equal('unsupported_media_type');
          }
        }
        expect(tasksOf(await user.get(user.lists.own))).to.deep.equal([task]);
      });
    }

    for (const type of jsonTypes) {
      it(`given ${request.name} with Content-Type: ${type}: ${request.status}`, async () => {
        const user = await service().user();
        for (const scheme of urlSchemes) {
          const { id } = await kept(user);
          const options = { headers: { 'Content-Type': type }, body: text };
          expect((await perform(user, user.lists[scheme], request, id, options)).status).to.equal(
            request.status,
          );
        }
      });
    }

    for (const coding of otherCodings) {
      it(`given ${request.name} with Content-Encoding: ${coding}: 415, nothing written`, async () => {
        const user = await service().user();
        const task = await kept(user);
        for (const scheme of urlSchemes) {
          const headers = { 'Content-Type': 'application/json', 'Content-Encoding': coding };
          const body = coding.includes('gzip') ? gzipSync(text) : text;
          const answer = await perform(user, user.lists[scheme], request, task.id, { headers, body });
          expect(answer.status, answer.text).to.equal(415);
          expect(problemOf(answer).code).to.equal('unsupported_media_type');
        }
        expect(tasksOf(await user.get(user.lists.own))).to.deep.equal([task]);
      });
    }

    for (const [coding, body] of codings) {
      it(`given ${request.name} with Content-Encoding: ${coding}: ${request.status}`, async () => {
        const user = await service().user();
        for (const scheme of urlSchemes) {
          const { id } = await kept(user);
          for (const transfer of [{}, { 'Transfer-Encoding': 'chunked' }]) {
            const headers = { 'Content-Type': 'application/json', 'Content-Encoding': coding, ...transfer };
            const answer = await perform(user, user.lists[scheme], request, id, { headers, body });
            expect(answer.status, answer.text).to.equal(request.status);
            expect(taskOf(answer).completed).to.equal(true);
          }
        }
      });
    }
  }

  for (const request of requestsThatReadBodies.filter(({ json }) => json !== undefined)) {
    it(`given ${request.name} without body and Content-Type: 415`, async () => {
      const user = await service().user();
      const task = await kept(user);
      for (const headers of [{}, { 'Content-Length': '0' }, { 'Transfer-Encoding': 'chunked' }]) {
        const target = targetOf(user.lists.own, request, task.id);
        const answer = await user.send(request.method, target, { headers });
        expect(answer.status).to.equal(415);
        expect(problemOf(answer).code).to.equal('unsupported_media_type');
      }
    });
  }
});
