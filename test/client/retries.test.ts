import { expect } from 'chai';
import { TaskholdError } from '../../client/src/taskhold.ts';
import { clientUser, type ClientUser } from '../support/client/client-user.ts';
import { problem, type Fault } from '../support/client/faulty-proxy.ts';
import { describeInMemory, describeOnEachStore } from '../support/http/suites.ts';
import { tasksOf } from '../support/http/response-schemas.ts';
import { rejection } from '../support/rejection.ts';
import { timed, until } from '../support/until.ts';

const titles = async ({ user }: ClientUser): Promise<readonly string[]> =>
  tasksOf(await user.get('/api/tasks')).map(({ title }) => title);

const keys = ({ proxy }: ClientUser): readonly unknown[] =>
  proxy.seen.map(({ headers }) => headers['idempotency-key']);

describeOnEachStore('repeated requests of the client', (service) => {
  const faults: readonly (readonly [what: string, fault: Fault])[] = [
    ['a lost response', 'lose the response'],
    ['a response that breaks in the middle', 'cut the body'],
    ['a refused connection', 'refuse the connection'],
    ['503', problem(503, 'overloaded')],
    ['504 outcome_unknown', problem(504, 'outcome_unknown')],
    ['504 timeout', problem(504, 'timeout')],
    ['502 of a proxy', { status: 502, body: '<h1>Bad gateway</h1>' }],
    ['500 of a proxy', { status: 500, body: '<h1>An error</h1>' }],
    ['521 of a proxy', { status: 521, body: '<h1>The server is down</h1>' }],
    ['409 idempotency_key_in_use', problem(409, 'idempotency_key_in_use', { 'Retry-After': '0' })],
    ['429', problem(429, 'rate_limited', { 'Retry-After': '0' })],
    ['the sign-in page of a public network', { status: 200, body: '<h1>Welcome</h1>' }],
  ];
  for (const [what, fault] of faults) {
    it(`given ${what} for each kind of write: one effect, one key for all attempts`, async () => {
      await using mine = await clientUser(service());
      const { tasks } = mine.client;
      mine.proxy.next('/api/tasks', fault, fault);
      const task = await tasks.create({ title: 'Buy milk' });
      expect(await titles(mine)).to.deep.equal(['Buy milk']);
      expect(keys(mine)).to.have.length(3);
      expect(new Set(keys(mine)).size).to.equal(1);

      let before = task;
      for (const write of [
        () => tasks.update(before, { title: 'Buy oat milk' }),
        () => tasks.complete(before),
        () => tasks.delete(before),
        () => tasks.restore(before.id),
      ]) {
        mine.proxy.next('/api/tasks', fault);
        const { revision } = before;
        before = (await write()) ?? { ...before, revision: revision + 1 };
        expect(before.revision).to.equal(revision + 1);
      }
      expect(new Set(keys(mine)).size).to.equal(5);
    });
  }
});

describeInMemory('limits of repeated requests of the client', (service) => {
  it('given a list with a page that breaks: every task once', async () => {
    await using mine = await clientUser(service());
    for (const title of ['a', 'b', 'c']) await mine.client.tasks.create({ title });
    mine.proxy.next('cursor', 'cut the body', 'refuse the connection');
    const found: string[] = [];
    for await (const { title } of mine.client.tasks.list({ limit: 1 })) found.push(title);
    expect(found).to.deep.equal(['c', 'b', 'a']);
  });

  it('given Retry-After, in seconds or as a date: no attempt before that', async () => {
    await using mine = await clientUser(service());
    for (const valueOf of [() => '1', () => new Date(Date.now() + 2_000).toUTCString()]) {
      mine.proxy.next('/api/me', problem(503, 'unavailable', { 'Retry-After': valueOf() }));
      const [, elapsed] = await timed(() => mine.client.account.me());
      expect(elapsed).to.be.at.least(900); // the date has no fraction of a second
    }
  });

  it('given a Retry-After beyond the time for all attempts: rejected at once, with the time', async () => {
    await using mine = await clientUser(service());
    mine.proxy.always('/api/me', problem(429, 'rate_limited', { 'Retry-After': '60' }));
    const error = await rejection(mine.client.account.me());
    expect(error).to.include({ status: 429, code: 'rate_limited', retryAfterMs: 60_000, requestId: null });
    expect(mine.proxy.seen).to.have.length(1);
  });

  it('given a Retry-After of years: an hour, and no attempt before that', async () => {
    for (const value of ['Fri, 01 Jan 2099 00:00:00 GMT', '99999999999', '9'.repeat(400)]) {
      await using mine = await clientUser(service());
      mine.proxy.always('/api', problem(503, 'unavailable', { 'Retry-After': value }));
      const error = await rejection(mine.client.account.me());
      expect(error, value).to.include({ retryAfterMs: 3_600_000 });
    }
  });

  it('given a failure that stays: rejected after the last attempt, with longer pauses in between', async () => {
    await using mine = await clientUser(service(), { retryDelayMs: 100, maxAttempts: 4 });
    mine.proxy.always('/api/me', problem(503, 'unavailable'));
    expect(await rejection(mine.client.account.me())).to.include({ code: 'unavailable', status: 503 });
    const [first = 0, second = 0, third = 0, fourth = 0] = mine.proxy.seen.map(({ at }) => at);
    expect(mine.proxy.seen).to.have.length(4);
    expect(second - first).to.be.at.least(49);
    expect(third - second).to.be.at.least(99);
    expect(fourth - third).to.be.at.least(199);
  });

  it('given 500, 403 and 422: not repeated', async () => {
    await using mine = await clientUser(service());
    for (const [status, code, isUncertain] of [
      [500, 'internal_error', true],
      [403, 'insufficient_scope', false],
      [422, 'invalid_task', false],
    ] as const) {
      mine.proxy.next('/api/tasks', problem(status, code));
      expect(await rejection(mine.client.tasks.create({ title: 'a' }))).to.include({
        status,
        code,
        isUncertain,
      });
    }
    expect(mine.proxy.seen).to.have.length(3);
  });

  it('given a write without a key: repeated after 503, and not after its response was lost', async () => {
    await using mine = await clientUser(service());
    const { tasks, trash, account } = mine.client;
    await tasks.delete(await tasks.create({ title: 'a' }));
    for (const call of [
      () => trash.delete('01a1fe0a-816e-7688-ab9b-3fb3618d9197'),
      () => trash.empty(),
      () => account.erase(),
    ]) {
      mine.proxy.next('/api/', problem(503, 'overloaded'), 'lose the response');
      const before = mine.proxy.seen.length;
      expect(await rejection(call())).to.include({ code: 'network_error', status: 0, isUncertain: true });
      expect(mine.proxy.seen.length - before).to.equal(2);
    }
  });

  it('given no response: the next attempt after the timeout', async () => {
    await using mine = await clientUser(service(), { timeoutMs: 1_000 });
    mine.proxy.next('/api/tasks', 'hang');
    const [task, elapsed] = await timed(() => mine.client.tasks.create({ title: 'a' }));
    expect([task.title, await titles(mine)]).to.deep.equal(['a', ['a']]);
    expect(elapsed).to.be.at.least(990);
    mine.proxy.next('/api/tasks', 'hang');
    expect(await rejection(mine.client.trash.empty())).to.include({ code: 'no_response', isUncertain: true });
  });

  it('given a service that is gone: network_error, with the cause', async () => {
    const mine = await clientUser(service());
    await mine[Symbol.asyncDispose]();
    const error = await rejection(mine.client.account.me());
    expect(error).to.be.instanceOf(TaskholdError);
    expect(error).to.include({ code: 'network_error', status: 0, isUncertain: false });
    expect(error).to.have.property('cause').that.is.instanceOf(Error);
  });

  it('given a signal that is aborted before, during or between attempts: its reason, at once', async () => {
    await using mine = await clientUser(service(), { retryDelayMs: 60_000, maxElapsedMs: 600_000 });
    const reason = new Error('The page was left');
    expect(await rejection(mine.client.account.me({ signal: AbortSignal.abort(reason) }))).to.equal(reason);
    expect(mine.proxy.seen).to.have.length(0);
    for (const fault of ['hang', problem(503, 'unavailable')] as const) {
      const leaving = new AbortController();
      mine.proxy.next('/api/me', fault);
      const before = mine.proxy.seen.length;
      const answer = rejection(mine.client.account.me({ signal: leaving.signal }));
      await until('the request was sent', () => mine.proxy.seen.length > before);
      leaving.abort(reason);
      expect(await answer).to.equal(reason);
    }
  });

  it('given a signal whose reason is no error: rejected with this value itself', async () => {
    await using mine = await clientUser(service());
    for (const reason of ['bye', { code: 1 }, null]) {
      const answer = mine.client.account.me({ signal: AbortSignal.abort(reason) });
      expect(await rejection(answer)).to.equal(reason);
    }
  });
});
