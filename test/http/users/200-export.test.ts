import { expect } from 'chai';
import { request } from 'node:http';
import { z } from 'zod';
import type { Observation } from '../../../src/application/ports/observer.ts';
import type { TaskRepository } from '../../../src/application/ports/task-repository.ts';
import { unavailable } from '../../../src/infrastructure/postgres/client/connection-failure.ts';
import { memoryTaskRepository } from '../../../src/infrastructure/memory/task-repository.ts';
import type { Answer } from '../../support/http/http-client.ts';
import { problemOf, taskBody } from '../../support/http/response-schemas.ts';
import { receiveBody } from '../../support/http/streams/receive-body.ts';
import { startService, type Service } from '../../support/http/service.ts';
import { describeOnEachStore } from '../../support/http/suites.ts';
import { kept } from '../../support/tasks/task-requests.ts';
import { anOwner, aTask, instant, userId } from '../../support/tasks/tasks.ts';
import { tokenFor } from '../../support/tokens/tokens.ts';
import { until } from '../../support/until.ts';

const exportBody = z.strictObject({
  user: z.unknown(),
  tasks: z.array(taskBody),
  trash: z.array(z.unknown()),
});
const exportOf = (answer: Answer) => exportBody.parse(JSON.parse(answer.text));

describeOnEachStore('200 /api/me/export', (service) => {
  it('given a user without writes: the user, and empty arrays', async () => {
    const user = await service().user();
    const answer = await user.get('/api/me/export');
    expect(answer.status).to.equal(200);
    expect(answer.headers).to.include({
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': 'attachment; filename="taskhold-export.json"',
      'cache-control': 'no-store',
      'transfer-encoding': 'chunked',
    });
    expect(answer.headers).not.to.have.property('etag');
    const me: unknown = JSON.parse((await user.get('/api/me')).text);
    expect(exportOf(answer)).to.deep.equal({ user: me, tasks: [], trash: [] });
  });

  it('given tasks: all of the user, newest first, and none of another', async () => {
    const [user, other] = [await service().user(), await service().user()];
    await kept(other);
    const tasks = [];
    for (const title of ['first', 'with "quotes"', '\u{1f95b}', 'last'])
      tasks.unshift(await kept(user, { title, tags: ['a'], completed: title === 'first' }));
    await user.delete(`/api/tasks/${(await kept(user)).id}`);
    const answer = await user.get('/api/me/export/');
    const me: unknown = JSON.parse((await user.get('/api/me')).text);
    const trash: unknown = JSON.parse((await user.get('/api/tasks/trash')).text);
    expect(trash).to.have.length(1);
    expect(exportOf(answer)).to.deep.equal({ user: me, tasks, trash });
  });

  it('given HEAD: the header fields of GET, without a body', async () => {
    const answer = await (await service().user()).head('/api/me/export');
    expect(answer.status).to.equal(200);
    expect(answer.headers).to.include({
      'content-disposition': 'attachment; filename="taskhold-export.json"',
      'cache-control': 'no-store',
    });
  });

  it('given a token without tasks:read: 403; given another method: 405', async () => {
    const user = await service().user();
    const headers = { Authorization: `Bearer ${await tokenFor(user.id, { scope: 'tasks:write' })}` };
    expect((await user.get('/api/me/export', { headers })).status).to.equal(403);
    expect((await user.post('/api/me/export', {})).headers['allow']).to.equal('GET, HEAD, OPTIONS');
  });
});

describe('200 /api/me/export that is long, or fails', () => {
  /** A service with 1,000 tasks of one user; `list` replaces how pages are read. */
  const startWith = async (list: (inner: TaskRepository['list']) => TaskRepository['list']) => {
    const store = memoryTaskRepository();
    const owner = anOwner({ id: userId() });
    for (let n = 0; n < 1_000; n += 1) await store.add(owner, aTask({ createdAt: instant(n) }));
    const tasks = { ...store, list: list((owner, query) => store.list(owner, query)) };
    const environment = { REQUEST_TIMEOUT_MS: '300' };
    const service = await startService({ overrides: { tasks, users: store }, environment });
    return { service, token: await tokenFor(owner.id) };
  };

  const failures = ({ observations }: Service): readonly Observation[] =>
    observations.filter(({ type }) => type === 'failure');

  it('given pages that together take longer than REQUEST_TIMEOUT_MS, each of them less: the whole export', async () => {
    const { service, token } = await startWith((inner) => async (user, query) => {
      await new Promise((resolve) => setTimeout(resolve, 120)); // the time of a page
      return inner(user, query);
    });
    await using started = service;
    const { text, isComplete } = await receiveBody(started, '/api/me/export', token);
    expect(isComplete).to.equal(true);
    expect(exportBody.parse(JSON.parse(text)).tasks).to.have.length(1_000);
  });

  for (const [what, list, code] of [
    ['a store that fails', () => Promise.reject(unavailable(new Error('lost'))), 'unavailable'],
    ['a page that exceeds REQUEST_TIMEOUT_MS', () => new Promise<never>(() => undefined), 'timeout'],
    ['an unexpected error', () => Promise.reject(new Error('a bug')), 'internal_error'],
  ] as const)
    it(`given ${what} after the first page: the body is incomplete, and the failure is observed`, async () => {
      const { service, token } = await startWith(
        (inner) => (user, query) => (query.after === null ? inner(user, query) : list()),
      );
      await using started = service;
      const { text, isComplete } = await receiveBody(started, '/api/me/export', token);
      expect(isComplete).to.equal(false);
      expect(() => void JSON.parse(text)).to.throw();
      await until('the failure is observed', () => failures(started).length === 1);
      expect(failures(started)[0]).to.include({ code });
    });

  it('given a user that cannot be read: a problem', async () => {
    const store = memoryTaskRepository();
    const users = { ...store, summary: () => Promise.reject(unavailable(new Error('lost'))) };
    await using service = await startService({ overrides: { users } });
    const answer = await (await service.user()).get('/api/me/export');
    expect(answer.status).to.equal(503);
    expect(problemOf(answer).code).to.equal('unavailable');
    expect(answer.headers).not.to.have.property('content-disposition');
  });

  it('given a client that leaves: the rest is not read, and no failure is observed', async () => {
    let pages = 0;
    const gate = Promise.withResolvers<undefined>();
    const { service, token } = await startWith((inner) => async (user, query) => {
      pages += 1;
      if (pages === 2) await gate.promise;
      if (pages > 2) await new Promise((resolve) => setTimeout(resolve, 100)); // the time of a page
      return inner(user, query);
    });
    await using started = service;
    const headers = { authorization: `Bearer ${token}` };
    const { port } = started;
    const sent = request({ port, host: '127.0.0.1', path: '/api/me/export', headers, agent: false });
    sent
      .on('error', () => undefined)
      .on('response', (response) => response.resume().on('error', () => undefined));
    sent.end();
    await until('the second page is read', () => pages === 2);
    sent.destroy();
    gate.resolve(undefined);
    await until('the request is closed', () => started.observations.some(({ type }) => type === 'request'));
    expect(pages).to.be.at.most(6);
    expect(failures(started)).to.deep.equal([]);
  });
});
