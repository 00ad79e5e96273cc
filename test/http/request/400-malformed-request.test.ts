import { expect } from 'chai';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { problemOf, taskOf } from '../../support/http/promises.ts';
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
      it(`${path} with a token`, async () => {
        const user = await service().user();
        for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
          const answer = await user.send(method, path);
          expect(answer.status, method).to.equal(400);
          expect(problemOf(answer).code).to.equal('malformed_request');
        }
      });

      it(`${path} is 401 without one`, async () => {
        expect((await service().anonymous.get(path)).status).to.equal(401);
      });
    }

    it(`/${escape}, to anyone`, async () => {
      const answer = await service().anonymous.get(`/${escape}`);
      expect(answer.status).to.equal(400);
      expect(problemOf(answer).code).to.equal('malformed_request');
    });

    for (const name of ['status', 'limit', 'cursor', 'unknown']) {
      it(`?${name}=${escape}`, async () => {
        const user = await service().user();
        for (const scheme of urlSchemes) {
          const answer = await user.get(`${user.lists[scheme]}?${name}=${escape}`);
          expect(answer.status, answer.text).to.equal(400);
          expect(problemOf(answer).code).to.equal('malformed_request');
        }
      });
    }
  }

  const noEntityTags = [
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
    for (const tag of noEntityTags) {
      it(`${request.name}: If-Match: ${tag}`, async () => {
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
    ['no gzip at all', 'gzip', Buffer.from(text)],
    ['a truncated gzip', 'gzip', gzipSync(text).subarray(0, -5)],
    ['a gzip header alone', 'gzip', gzipSync(text).subarray(0, 10)],
    ['a gzip with another checksum', 'gzip', flipped(gzipSync(text), -7)],
    ['a gzip with other data', 'gzip', flipped(gzipSync(text), 14)],
    ['no deflate at all', 'deflate', Buffer.from(text)],
    ['a truncated deflate', 'deflate', deflateSync(text).subarray(0, -3)],
    ['no brotli at all', 'br', Buffer.from(text)],
    ['a truncated brotli', 'br', brotliCompressSync(text).subarray(0, -2)],
    ['one byte of gzip', 'gzip', Buffer.of(0x1f)],
  ];
  for (const request of requestsWithBody) {
    for (const [what, coding, body] of corrupt) {
      it(`${request.name}: ${what}`, async () => {
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

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  const index = at < 0 ? copy.length + at : at;
  copy[index] = (copy[index] ?? 0) ^ 0xff;
  return copy;
}
