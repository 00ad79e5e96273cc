import { expect } from 'chai';
import { memoryTaskRepository } from '../../../src/infrastructure/memory/task-repository.ts';
import { pausedCall, controlledRepository } from '../../support/tasks/repositories/controlled-repository.ts';
import { problemOf } from '../../support/http/response-schemas.ts';
import { describeInMemory, ownService } from '../../support/http/suites.ts';
import { until } from '../../support/until.ts';

const valid = ['a', 'A.b_c-9', '0', '-', '...', 'f'.repeat(128), '018f3b9e-7c7a-7d2e-9f59-1b1c4e3d2a10'];
const invalid = [
  '',
  ' ',
  'f'.repeat(129),
  'a b',
  'a/b',
  'a,b',
  'a;b',
  'a:b',
  'a+b',
  'a=b',
  '{}',
  '"a"',
  '<script>',
  'a\tb',
  '%20',
  'ü',
];

describeInMemory('200 X-Request-Id', (service) => {
  for (const id of valid) {
    it(`given ${id.slice(0, 40)}: kept`, async () => {
      const headers = { 'X-Request-Id': id };
      const { anonymous } = service();
      for (const path of ['/health', '/nowhere', '/api/tasks', '/%zz'])
        expect((await anonymous.get(path, { headers })).headers['x-request-id']).to.equal(id);
      expect(problemOf(await anonymous.get('/nowhere', { headers })).request_id).to.equal(id);
    });
  }

  for (const id of invalid) {
    it(`given ${JSON.stringify(id.slice(0, 40))}: replaced`, async () => {
      const headers = { 'X-Request-Id': Buffer.from(id).toString('latin1') };
      const { anonymous } = service();
      const seen = new Set<string | undefined>();
      for (const path of ['/health', '/nowhere', '/api/tasks', '/%zz'])
        seen.add((await anonymous.get(path, { headers })).headers['x-request-id']);
      expect(seen.size).to.equal(4);
      expect([...seen]).not.to.include(id);
    });
  }

  it('given two header fields: replaced by a UUID', async () => {
    const answer = await service().anonymous.get('/health', { headers: { 'X-Request-Id': ['a', 'b'] } });
    expect(answer.headers['x-request-id']).to.match(/^[0-9a-f-]{36}$/);
  });

  it('given no header field: a new id for every request', async () => {
    const seen = new Set<string | undefined>();
    for (let n = 0; n < 50; n += 1)
      seen.add((await service().anonymous.get('/health')).headers['x-request-id']);
    expect(seen.size).to.equal(50);
  });

  const fields = 'Host: a\r\nX-Request-Id: my-own-id\r\nConnection: close\r\n';
  for (const [status, request] of [
    [400, `GET /health HTTP/1.1\r\n${fields}nonsense\r\n\r\n`],
    [400, `GET /health HTTP/1.1\r\n${fields}Content-Length: x\r\n\r\n`],
    [400, `GET /health HTTP/1.1\r\n${fields}Host: b\r\n\r\n`],
    [417, `GET /health HTTP/1.1\r\n${fields}Expect: x\r\n\r\n`],
    [431, `GET /health HTTP/1.1\r\n${fields}X: ${'a'.repeat(20_000)}\r\n\r\n`],
    [501, `FROBNICATE / HTTP/1.1\r\n${fields}\r\n`],
    [501, `CONNECT a:443 HTTP/1.1\r\n${fields}\r\n`],
    [505, `GET /health HTTP/2.0\r\n${fields}\r\n`],
    [505, `GET /health HTTP/0.9\r\n${fields}\r\n`],
  ] as const) {
    it(`given an id and a ${status} of the HTTP layer (${request.split('\r\n')[0] ?? ''}): kept`, async () => {
      const { answers } = await service().raw(request);
      expect(answers.map((answer) => [answer.status, answer.headers['x-request-id']])).to.deep.equal([
        [status, 'my-own-id'],
      ]);
    });
  }

  it('given bytes without an id, or with an invalid one or two: a UUID on the response of the HTTP layer', async () => {
    for (const bytes of [
      'nonsense\r\n\r\n',
      'FOO / HTTP/1.1\r\nX-Request-Id: a\r\nX-Request-Id: b\r\n\r\n',
      'FOO / HTTP/1.1\r\nX-Request-Id: a b\r\n\r\n',
      'GET /health HTTP/1.1\r\nHost: a\r\nX-Request-Id: a\r\n\r\nFOO / HTTP/1.1\r\n\r\n',
    ]) {
      const { answers } = await service().raw(bytes);
      expect(answers.at(-1)?.headers['x-request-id']).to.match(/^[0-9a-f-]{36}$/);
    }
  });

  it('given a request: one log entry with its id and route, without its path', async () => {
    const user = await service().user();
    const headers = { 'X-Request-Id': `log-${user.id}` };
    await user.get(`${user.lists.named}/secret-id?status=x`, { headers });
    const seen = () =>
      service().observations.filter((seen) => seen.type === 'request' && seen.requestId === `log-${user.id}`);
    await until('the request is logged', () => seen().length > 0);
    expect(seen()).to.have.length(1);
    expect(seen()[0]).to.include({
      method: 'GET',
      route: '/api/{user_id}/tasks/{id}',
      status: 404,
      user: user.id,
    });
  });
});

describeInMemory('501 and 505', (service) => {
  it('given an unknown version or method: no failure is logged', async () => {
    const failures = () => service().observations.filter(({ type }) => type === 'failure').length;
    const before = failures();
    await service().raw('GET /health HTTP/1.2\r\nHost: a\r\nConnection: close\r\n\r\n');
    await service().raw('FROBNICATE / HTTP/1.1\r\n\r\n');
    expect(failures()).to.equal(before);
  });
});

describe('a client that disconnects', () => {
  const controlled = controlledRepository(memoryTaskRepository());
  const service = ownService({ overrides: { tasks: controlled.tasks } });
  const logged = (id: string) =>
    service().observations.filter((seen) => seen.type === 'request' && seen.requestId === id);
  const failures = () => service().observations.filter(({ type }) => type === 'failure');

  it('given a disconnect before the response: the request is logged once, not as a failure', async () => {
    const user = await service().user();
    const pause = pausedCall();
    controlled.next('list', { before: pause.ended });
    const fields = `Host: a\r\nAuthorization: Bearer ${user.token}\r\nX-Request-Id: gone`;
    await service().raw(`GET /api/tasks HTTP/1.1\r\n${fields}\r\n\r\n`, {
      then: (socket) =>
        void until('the use case runs', () => controlled.calls.list > 0).then(() => socket.destroy()),
    });
    pause.end();
    await until('the request is logged', () => logged('gone').length > 0);
    await service().anonymous.get('/health');
    expect(logged('gone')).to.have.length(1);
    expect(failures()).to.deep.equal([]);
  });

  for (const [what, fields, body] of [
    ['a body', 'Content-Type: application/json\r\nContent-Length: 100', '{"title":'],
    ['a chunked body', 'Content-Type: application/json\r\nTransfer-Encoding: chunked', '5\r\n{"tit'],
    [
      'a compressed body',
      'Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 100',
      '\x1f\x8b\x08\0',
    ],
    ['a body of another type', 'Content-Type: text/plain\r\nTransfer-Encoding: chunked', ''],
  ] as const) {
    it(`given a disconnect within ${what}: the request is logged once, not as a failure`, async () => {
      const user = await service().user();
      const id = `gone-${user.id}`;
      const path = what.includes('type') ? '/api/tasks/x/complete' : '/api/tasks';
      const method = what.includes('type') ? 'PATCH' : 'POST';
      await service().raw(
        Buffer.from(
          `${method} ${path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${user.token}\r\nX-Request-Id: ${id}\r\n${fields}\r\n\r\n${body}`,
          'latin1',
        ),
        { then: (socket) => void setTimeout(() => socket.destroy(), 50) },
      );
      await until('the request is logged', () => logged(id).length > 0);
      expect(logged(id)).to.have.length(1);
      expect(failures()).to.deep.equal([]);
    });
  }
});
