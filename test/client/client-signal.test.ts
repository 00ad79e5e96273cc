import { expect } from 'chai';
import { createClient, TaskholdError, webStorage } from '../../client/src/taskhold.ts';
import { clientUser, type ClientUser } from '../support/client/client-user.ts';
import { problem } from '../support/client/faulty-proxy.ts';
import { startFollower } from '../support/client/follower.ts';
import { localStorageOf, startQueue } from '../support/client/queues.ts';
import { tasksOf } from '../support/http/response-schemas.ts';
import { describeInMemory } from '../support/http/suites.ts';
import { rejection } from '../support/rejection.ts';
import { until } from '../support/until.ts';

const titles = async ({ user }: ClientUser): Promise<readonly string[]> =>
  tasksOf(await user.get('/api/tasks')).map(({ title }) => title);

describeInMemory('the signal of the client', (service) => {
  const reason = new Error('The user has signed out');

  it('given a write that is repeated: rejected with the reason, and nothing is sent afterwards', async () => {
    const ending = new AbortController();
    let tokenCalls = 0;
    await using mine = await clientUser(service(), {
      signal: ending.signal,
      token: () => {
        tokenCalls += 1;
        return mine.user.token;
      },
    });
    const undo = mine.proxy.always('POST /api/tasks', problem(503, 'unavailable'));
    const answer = rejection(mine.client.tasks.create({ title: 'a' }));
    await until('it was refused', () => mine.proxy.seen.length > 0);
    ending.abort(reason);
    undo();
    expect(await answer).to.equal(reason);
    const [sent, tokens] = [mine.proxy.seen.length, tokenCalls];
    expect(await rejection(mine.client.tasks.create({ title: 'b' }))).to.equal(reason);
    const options = { signal: new AbortController().signal };
    expect(await rejection(mine.client.account.me(options))).to.equal(reason);
    expect([mine.proxy.seen.length, tokenCalls, await titles(mine)]).to.deep.equal([sent, tokens, []]);
  });

  it('given a token that arrives after it: not used', async () => {
    const ending = new AbortController();
    const late = Promise.withResolvers<string>();
    await using mine = await clientUser(service(), { signal: ending.signal, token: () => late.promise });
    const answer = rejection(mine.client.tasks.create({ title: 'a' }));
    ending.abort(reason);
    late.resolve(mine.user.token);
    expect(await answer).to.equal(reason);
    expect(mine.proxy.seen).to.deep.equal([]);
  });

  it('given follow with a signal of its own: the loop ends without an error', async () => {
    const ending = new AbortController();
    await using mine = await clientUser(service(), { signal: ending.signal });
    await using follower = startFollower(mine.client);
    await until('the stream is open', () => follower.statuses.includes('live'));
    ending.abort();
    await follower.ended;
    await until('no stream is open', () => mine.proxy.open() === 0);
  });

  it('given a queue: it is closed, and what is pending stays in the storage', async () => {
    const ending = new AbortController();
    await using mine = await clientUser(service(), { signal: ending.signal });
    mine.proxy.always('/api', problem(503, 'unavailable'));
    using watched = startQueue(mine.client);
    const { id } = await watched.queue.add({ kind: 'create', draft: { title: 'a' } });
    await until('it was tried', () => mine.proxy.seen.length > 0);
    ending.abort();
    expect(await watched.queue.flush()).to.equal(false);
    const sent = mine.proxy.seen.length;
    using later = startQueue(mine.client);
    await later.queue.add({ kind: 'create', draft: { title: 'b' } });
    expect(await later.queue.flush()).to.equal(false);
    expect((await watched.queue.pending()).map((entry) => entry.id)).to.deep.equal([id]);
    expect([watched.settled, mine.proxy.seen.length]).to.deep.equal([[], sent]);
  });

  it('given a TaskholdError as the reason, while a queue waits for a response: the write stays, and is sent later under its key', async () => {
    for (const [status, code] of [
      [403, 'insufficient_scope'],
      [401, 'unauthenticated'],
      [0, 'token_failed'],
    ] as const) {
      const ending = new AbortController();
      await using mine = await clientUser(service(), { signal: ending.signal });
      const storage = webStorage(localStorageOf(), mine.user.id);
      mine.proxy.next('/api', 'hang');
      using watched = startQueue(mine.client, { storage });
      const { id } = await watched.queue.add({ kind: 'create', draft: { title: 'a' } });
      await until('it was sent', () => mine.proxy.seen.length === 1);
      ending.abort(new TaskholdError({ status, code, detail: 'It ended follow.' }));
      expect(await watched.queue.flush()).to.equal(false);
      const [entry] = await watched.queue.pending();
      expect(entry?.id).to.equal(id);
      expect(entry?.sentAt).to.be.a('number');
      expect(watched.settled).to.deep.equal([]);
      const client = createClient({ url: mine.proxy.url, token: () => mine.user.token });
      using next = startQueue(client, { storage });
      await next.reports(1);
      expect(next.settled).to.deep.equal([['done', 'a']]);
      expect(mine.proxy.seen.map(({ headers }) => headers['idempotency-key'])).to.deep.equal([id, id]);
    }
  });

  it('given a TaskholdError as the reason of a write that is sent: rejected with it, and it is not changed', async () => {
    await using mine = await clientUser(service());
    const ending = new AbortController();
    mine.proxy.next('/api', 'lose the response', 'hang');
    const answer = rejection(mine.client.tasks.create({ title: 'a' }, { signal: ending.signal }));
    await until('it is repeated', () => mine.proxy.seen.length === 2);
    const error = new TaskholdError({ status: 403, code: 'insufficient_scope', detail: 'It ended follow.' });
    ending.abort(error);
    expect(await answer).to.equal(error);
    expect(error.isUncertain).to.equal(false);
  });
});
