import { expect } from 'chai';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { problemOf, taskOf } from '../../support/http/response-schemas.ts';
import { describeInMemory, urlSchemes } from '../../support/http/suites.ts';
import { conditionalWrites, kept, perform, requestsWithBody } from '../../support/tasks/task-requests.ts';

const brokenEscapes = [
  '%',
  '%z',
  '%zz',
  '%4',
  '%4g',
  '%c3',
  '%ff',
  '%c0%af',
  '%ed%a0%80',
  '%u0041',
  'a%',
  '%%20',
  '%2%35',
];

describeInMemory('400 malformed_request', (service) => {
  for (const escape of brokenEscapes) {
    const paths = [
      `/api/tasks/${escape}`,
      `/api/${escape}/tasks`,
      `/api/${escape}`,
      `/api/tasks/${escape}/complete`,
    ];
    for (const path of paths) {
      it(`given ${path} with a token: 400`, async () => {
        const user = await service().user();
        for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
          const answer = await user.send(method, path);
          expect(answer.status, method).to.equal(400);
          expect(problemOf(answer).code).to.equal('malformed_request');
        }
      });

      it(`given ${path} without a token: 401`, async () => {
        expect((await service().anonymous.get(path)).status).to.equal(401);
      });
    }

    it(`given /${escape} without a token: 400`, async () => {
      const answer = await service().anonymous.get(`/${escape}`);
      expect(answer.status).to.equal(400);
      expect(problemOf(answer).code).to.equal('malformed_request');
    });

    for (const name of ['status', 'limit', 'cursor', 'unknown']) {
      it(`given ?${name}=${escape}: 400`, async () => {
        const user = await service().user();
        for (const scheme of urlSchemes) {
          const answer = await user.get(`${user.lists[scheme]}?${name}=${escape}`);
          expect(answer.status, answer.text).to.equal(400);
          expect(problemOf(answer).code).to.equal('malformed_request');
        }
      });
    }
  }

  const malformedEntityTags = [
    '41',
    'x',
    '',
    ' ',
    '"',
    '"41',
    '41"',
    "'41'",
    '"4"1"',
    '"41" "42"',
    '"41";"42"',
    '*, "41"',
    '"41", *',
    '**',
    'W/',
    'W/41',
    'w/"41"',
    'W/ "41"',
    '"41", x',
    ',',
    '"a b"',
    'null',
  ];
  for (const request of conditionalWrites) {
    for (const tag of malformedEntityTags) {
      it(`given ${request.name} with If-Match: ${tag}: 400, nothing written`, async () => {
        const user = await service().user();
        const task = await kept(user);
        for (const scheme of urlSchemes) {
          const answer = await perform(user, user.lists[scheme], request, task.id, {
            headers: { 'If-Match': tag },
          });
          expect(answer.status, answer.text).to.equal(400);
          expect(problemOf(answer).code).to.equal('malformed_request');
        }
        expect(taskOf(await user.get(`${user.lists.own}/${task.id}`))).to.deep.equal(task);
      });
    }
  }

  const text = JSON.stringify({ title: 'Buy milk', completed: true });
  const corrupt: readonly (readonly [what: string, coding: string, body: Buffer])[] = [
    ['plain text as gzip', 'gzip', Buffer.from(text)],
    ['a truncated gzip', 'gzip', gzipSync(text).subarray(0, -5)],
    ['only a gzip header', 'gzip', gzipSync(text).subarray(0, 10)],
    ['a gzip with a wrong checksum', 'gzip', withFlippedByte(gzipSync(text), -7)],
    ['a gzip with altered data', 'gzip', withFlippedByte(gzipSync(text), 14)],
    ['plain text as deflate', 'deflate', Buffer.from(text)],
    ['a truncated deflate', 'deflate', deflateSync(text).subarray(0, -3)],
    ['plain text as brotli', 'br', Buffer.from(text)],
    ['a truncated brotli', 'br', brotliCompressSync(text).subarray(0, -2)],
    ['one byte of gzip', 'gzip', Buffer.of(0x1f)],
  ];
  for (const request of requestsWithBody) {
    for (const [what, coding, body] of corrupt) {
      it(`given ${request.name} with ${what}: 400, nothing written`, async () => {
        const user = await service().user();
        const task = await kept(user);
        const headers = { 'Content-Type': 'application/json', 'Content-Encoding': coding };
        for (const scheme of urlSchemes) {
          const answer = await perform(user, user.lists[scheme], request, task.id, { headers, body });
          expect(answer.status, answer.text).to.equal(400);
          expect(problemOf(answer).code).to.be.oneOf(['malformed_request', 'malformed_json']);
        }
        expect(taskOf(await user.get(`${user.lists.own}/${task.id}`))).to.deep.equal(task);
      });
    }
  }
});

function withFlippedByte(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  const index = at < 0 ? copy.length + at : at;
  copy[index] = (copy[index] ?? 0) ^ 0xff;
  return copy;
}
