import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import type { Task } from '../../client/src/taskhold.ts';
import { catchUp, type Copy } from '../../client/src/follow/copy.ts';
import { clientUser } from '../support/client/client-user.ts';
import { startFollower } from '../support/client/follower.ts';
import { describeInMemory } from '../support/http/suites.ts';
import { until } from '../support/until.ts';

describeInMemory('the copy of the client', (service) => {
  it('given a token of another user while it follows: a copy of their tasks alone', async () => {
    let token = '';
    await using mine = await clientUser(service(), { token: () => token });
    token = mine.user.token;
    const other = await service().user();
    const first = await mine.client.tasks.create({ title: 'of the first' });
    for (const title of ['a', 'b']) await other.post('/api/tasks', { title });
    await using follower = startFollower(mine.client);
    await follower.shows('of the first');
    await until('the stream is open', () => follower.statuses.includes('live'));
    token = other.token;
    mine.proxy.drop();
    await follower.shows('a', 'b');
    const mixed = follower.updates.filter(
      ({ tasks }) => new Set([...tasks.values()].map(({ user_id }) => user_id)).size > 1,
    );
    expect(mixed).to.deep.equal([]);
    expect(follower.updates.at(-1)?.changed).to.include(first.id).and.have.length(3);
  });

  it('given a consumer that is slower than the silence: its stream stays open', async () => {
    await using mine = await clientUser(service());
    const statuses: string[] = [];
    const ending = new AbortController();
    const options = {
      signal: ending.signal,
      silenceMs: 1_500,
      onStatus: (status: string) => statuses.push(status),
    };
    for await (const { tasks } of mine.client.follow(options)) {
      if (tasks.size === 2) break;
      if (statuses.length === 0) {
        // The next update comes from the stream, which waits for this consumer.
        void until('it is live', () => statuses.length > 0).then(() =>
          mine.user.post('/api/tasks', { title: 'a' }),
        );
        continue;
      }
      await pause(2_000);
      await mine.user.post('/api/tasks', { title: 'b' });
    }
    expect(statuses).to.deep.equal(['live']);
    expect(mine.proxy.seen.filter(({ path }) => path.includes('events'))).to.have.length(1);
  });

  it('given changes of another user in a later page: all is read again from 0', async () => {
    const task = (id: string, user_id: string, revision: number): Task => ({
      id,
      user_id,
      revision,
      title: id,
      description: null,
      completed: false,
      priority: 'medium',
      due_date: null,
      tags: [],
      created_at: '2026-01-01T00:00:00.000Z',
      updated_at: '2026-01-01T00:00:00.000Z',
    });
    const page = (revision: number, has_more: boolean, ...tasks: readonly Task[]) => ({
      changes: tasks.map((each) => ({ revision: each.revision, id: each.id, task: each })),
      revision,
      has_more,
    });
    const old: Copy = { revision: 1, tasks: new Map([['a', task('a', 'first', 1)]]) };
    const requested: number[] = [];
    const pages = [
      page(3, true, task('b', 'first', 2)),
      page(3, false, task('d', 'second', 3)),
      page(3, false, task('c', 'second', 1), task('d', 'second', 3)),
    ];
    const update = await catchUp(old, (since) => {
      requested.push(since);
      return Promise.resolve(pages[requested.length - 1] ?? page(3, false));
    });
    expect(requested).to.deep.equal([1, 2, 0]);
    expect([...update.tasks.keys()]).to.deep.equal(['c', 'd']);
    expect(update.changed).to.have.members(['a', 'b', 'c', 'd']);
    expect([...old.tasks.keys()]).to.deep.equal(['a']);
  });
});
