import { expect } from 'chai';
import { memoryTaskRepository } from '../../src/infrastructure/memory/task-repository.ts';
import { closedGate, gatedRepository } from '../support/gated-repository.ts';
import { problemOf } from '../support/promises.ts';
import { describeEdge, ownService } from '../support/suites.ts';
import { until } from '../support/until.ts';

const kept = ['a', 'A.b_c-9', '0', '-', '...', 'f'.repeat(128), '018f3b9e-7c7a-7d2e-9f59-1b1c4e3d2a10'];
const replaced = [
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

describeEdge('200 X-Request-Id', (service) => {
  for (const id of kept) {
    it(`${id.slice(0, 40)} is kept`, async () => {
      const headers = { 'X-Request-Id': id };
      const { anonymous } = service();
      for (const path of ['/health', '/nowhere', '/api/tasks', '/%zz'])
        expect((await anonymous.get(path, { headers })).headers['x-request-id']).to.equal(id);
      expect(problemOf(await anonymous.get('/nowhere', { headers })).request_id).to.equal(id);
    });
  }

  for (const id of replaced) {
    it(`${id.slice(0, 40)} is replaced`, async () => {
      const headers = { 'X-Request-Id': Buffer.from(id).toString('latin1') };
      const { anonymous } = service();
      const seen = new Set<string | undefined>();
      for (const path of ['/health', '/nowhere', '/api/tasks', '/%zz'])
        seen.add((await anonymous.get(path, { headers })).headers['x-request-id']);
      expect(seen.size).to.equal(4);
      expect([...seen]).not.to.include(id);
    });
  }

  it('two of them are replaced', async () => {
    const answer = await service().anonymous.get('/health', { headers: { 'X-Request-Id': ['a', 'b'] } });
    expect(answer.headers['x-request-id']).to.match(/^[0-9a-f-]{36}$/);
  });

  it('without one it is another for every request', async () => {
    const seen = new Set<string | undefined>();
    for (let n = 0; n < 50; n += 1)
      seen.add((await service().anonymous.get('/health')).headers['x-request-id']);
    expect(seen.size).to.equal(50);
  });

  it('is on what the HTTP layer answers too', async () => {
    const { answers } = await service().raw('nonsense\r\n\r\n');
    expect(answers.map(({ headers }) => headers['x-request-id'])[0]).to.match(/^[0-9a-f-]{36}$/);
  });

  it('is in the log, once for each request, with a route and no path', async () => {
    const user = await service().user();
    const headers = { 'X-Request-Id': `log-${user.id}` };
    await user.get(`${user.lists.named}/secret-id?status=x`, { headers });
    const seen = () =>
      service().observations.filter((seen) => seen.type === 'request' && seen.requestId === `log-${user.id}`);
    await until('the request is noticed', () => seen().length > 0);
    expect(seen()).to.have.length(1);
    expect(seen()[0]).to.include({
      method: 'GET',
      route: '/api/{user_id}/tasks/{id}',
      status: 404,
      owner: user.id,
    });
  });
});

describe('a client that goes away', () => {
  const gated = gatedRepository(memoryTaskRepository());
  const service = ownService({ overrides: { tasks: gated.tasks } });
  const noticed = (id: string) =>
    service().observations.filter((seen) => seen.type === 'request' && seen.requestId === id);
  const failures = () => service().observations.filter(({ type }) => type === 'failure');

  it('before its answer is there is noticed once, as no failure of ours', async () => {
    const user = await service().user();
    const gate = closedGate();
    gated.next('list', { before: gate.passed });
    const fields = `Host: a\r\nAuthorization: Bearer ${user.token}\r\nX-Request-Id: gone`;
    await service().raw(`GET /api/tasks HTTP/1.1\r\n${fields}\r\n\r\n`, {
      then: (socket) => void until('it is asked', () => gated.calls.list > 0).then(() => socket.destroy()),
    });
    gate.open();
    await until('the request is noticed', () => noticed('gone').length > 0);
    await service().anonymous.get('/health');
    expect(noticed('gone')).to.have.length(1);
    expect(failures()).to.deep.equal([]);
  });

  for (const [what, fields, body] of [
    ['a body', 'Content-Type: application/json\r\nContent-Length: 100', '{"title":'],
    ['a chunked body', 'Content-Type: application/json\r\nTransfer-Encoding: chunked', '5\r\n{"tit'],
    [
      'a coded body',
      'Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 100',
      '\x1f\x8b\x08\0',
    ],
    ['a body of another type', 'Content-Type: text/plain\r\nTransfer-Encoding: chunked', ''],
  ] as const) {
    it(`within ${what} is noticed once, as no failure of ours`, async () => {
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
      await until('the request is noticed', () => noticed(id).length > 0);
      expect(noticed(id)).to.have.length(1);
      expect(failures()).to.deep.equal([]);
    });
  }
});
