import { expect } from 'chai';
import { clientUser } from '../support/client/client-user.ts';
import { problem } from '../support/client/faulty-proxy.ts';
import { startFollower } from '../support/client/follower.ts';
import { describeOnEachStore, ownService } from '../support/http/suites.ts';
import { rejection } from '../support/rejection.ts';
import { tokenFor } from '../support/tokens/tokens.ts';
import { until } from '../support/until.ts';

describeOnEachStore('follow', (service) => {
  it('given writes of another client: a copy at once, and after each write what has changed', async () => {
    await using mine = await clientUser(service());
    const { tasks } = mine.client;
    const first = await tasks.create({ title: 'a' });
    await using follower = startFollower(mine.client);
    await follower.shows('a');
    expect(follower.updates[0]?.changed).to.deep.equal([first.id]);
    await until('the stream is open', () => follower.statuses.includes('live'));
    const second = await tasks.create({ title: 'b' });
    await follower.shows('a', 'b');
    expect(follower.updates.at(-1)).to.deep.include({ revision: second.revision, changed: [second.id] });
    await tasks.update(first, { title: 'c' });
    await follower.shows('b', 'c');
    await tasks.delete(second.id);
    await follower.shows('c');
    expect(follower.updates[0]?.tasks.size, 'a copy is not changed later').to.equal(1);
    expect(follower.statuses).to.deep.equal(['live']);
  });

  it('given connections that break: one stream again each time, and no write is missed', async () => {
    await using mine = await clientUser(service());
    await using follower = startFollower(mine.client);
    await follower.shows();
    const titles: string[] = [];
    for (const title of ['a', 'b', 'c']) {
      await until('the stream is open', () => mine.proxy.open() === 1);
      mine.proxy.drop();
      await mine.client.tasks.create({ title });
      titles.push(title);
      await follower.shows(...titles);
    }
    await until('one stream is open', () => mine.proxy.open() === 1);
    const events = mine.proxy.seen.filter(({ path }) => path === '/api/tasks/events');
    expect(events.length).to.be.at.least(4);
    const last = follower.updates.at(-1)?.revision;
    await until('it goes on from the last revision', () =>
      mine.proxy.seen.some(({ headers }) => headers['last-event-id'] === String(last)),
    );
  });

  it('given a copy that was kept: only what has changed since is read', async () => {
    await using mine = await clientUser(service());
    const { tasks } = mine.client;
    await tasks.create({ title: 'a' });
    const kept = await (async () => {
      for await (const copy of mine.client.follow()) return copy;
      return undefined;
    })();
    await until('break has closed the stream', () => mine.proxy.open() === 0);
    const { id } = await tasks.create({ title: 'b' });
    await using follower = startFollower(mine.client, kept === undefined ? {} : { from: kept });
    await follower.shows('a', 'b');
    expect(follower.updates[0]?.changed).to.deep.equal([id]);
    expect(mine.proxy.seen.map(({ path }) => path)).to.include('/api/tasks/changes?since=1');
  });

  it('given a revision that has expired: a copy from the beginning, and all that is gone is named', async () => {
    await using mine = await clientUser(service());
    const gone = await mine.client.tasks.create({ title: 'gone' });
    await mine.client.account.erase();
    const { id } = await mine.client.tasks.create({ title: 'a' });
    await using follower = startFollower(mine.client, {
      from: { revision: 1, tasks: new Map([[gone.id, gone]]) },
    });
    await follower.shows('a');
    expect(follower.updates[0]?.changed).to.have.members([gone.id, id]);
  });
});

describe('follow with faults', () => {
  const service = ownService();
  const withoutStreams = ownService({ environment: { EVENT_STREAMS_MAX: '0' } });

  it('given a stream that stalls: another one after the silence, and no write is missed', async () => {
    await using mine = await clientUser(service());
    await using follower = startFollower(mine.client, { silenceMs: 300 });
    await until('the stream is open', () => follower.statuses.includes('live'));
    mine.proxy.stall();
    await mine.client.tasks.create({ title: 'a' });
    await follower.shows('a');
    await until('a new stream is open', () => follower.statuses.at(-1) === 'live');
    expect(follower.statuses).to.include('offline');
  });

  it('given a service without streams: polling', async () => {
    await using mine = await clientUser(withoutStreams());
    const start = performance.now();
    mine.proxy.always('/api/tasks/events', problem(503, 'overloaded')); // without its Retry-After of a second
    await using follower = startFollower(mine.client);
    await follower.shows();
    await mine.client.tasks.create({ title: 'a' });
    await follower.shows('a');
    expect(follower.statuses).to.deep.equal(['polling']);
    const polls = mine.proxy.seen.filter(({ path }) => path.includes('changes')).length;
    expect(polls).to.be.at.most(2 + (performance.now() - start) / 50);
  });

  it('given a service that refuses streams: polling, not before its Retry-After', async () => {
    await using mine = await clientUser(withoutStreams());
    await using follower = startFollower(mine.client);
    await until('the stream was refused', () => follower.statuses.length > 0);
    await mine.client.tasks.create({ title: 'a' });
    await follower.shows('a');
    const [first = 0, second = 0] = mine.proxy.seen
      .filter(({ path }) => path.includes('changes'))
      .map(({ at }) => at);
    expect(second - first).to.be.at.least(999);
    expect(follower.statuses).to.deep.equal(['polling']);
  });

  it('given a proxy that holds streams back: polling, and no further stream for a while', async () => {
    await using mine = await clientUser(service(), { timeoutMs: 500 });
    mine.proxy.always('/api/tasks/events', 'buffer');
    await using follower = startFollower(mine.client);
    await until('the stream was given up', () => follower.statuses.includes('polling'));
    for (const title of ['a', 'b', 'c']) await mine.client.tasks.create({ title });
    await follower.shows('a', 'b', 'c');
    expect(mine.proxy.seen.filter(({ path }) => path.includes('events'))).to.have.length(1);
  });

  it('given streams that break before anything arrives: the next stream, and no polling', async () => {
    await using mine = await clientUser(service());
    mine.proxy.next('/api/tasks/events', 'refuse the connection', 'refuse the connection');
    await using follower = startFollower(mine.client, { pollMs: 60_000 });
    await until('it is live', () => follower.statuses.includes('live'));
    expect(follower.statuses).to.deep.equal(['offline', 'live']);
  });

  it('given a service that is away: offline, and live again when it is back', async () => {
    await using mine = await clientUser(service());
    const undo = mine.proxy.always('/api/tasks', 'refuse the connection');
    await using follower = startFollower(mine.client);
    await until('it is offline', () => follower.statuses.includes('offline'));
    undo();
    await until('it is live', () => follower.statuses.includes('live'));
    expect([follower.statuses, follower.titles()]).to.deep.equal([['offline', 'live'], []]);
  });

  it('given a token that expires: the next stream with a new one', async () => {
    let id = '';
    let tokenCalls = 0;
    // Streams end 10 s after `exp`.
    const shortToken = (): Promise<string> => {
      tokenCalls += 1;
      return tokenFor(id, { exp: Math.floor(Date.now() / 1000) - 8 });
    };
    await using mine = await clientUser(service(), { token: shortToken });
    id = mine.user.id;
    await using follower = startFollower(mine.client);
    const streams = () => mine.proxy.seen.filter(({ path }) => path.includes('events')).length;
    await until('the second stream is open', () => streams() >= 2 && mine.proxy.open() === 1);
    expect(tokenCalls).to.be.at.least(4);
    await mine.user.post('/api/tasks', { title: 'a' });
    await follower.shows('a');
    expect(follower.statuses).to.deep.equal(['live']);
  });

  it('given an error that stays: the loop ends with it', async () => {
    await using mine = await clientUser(service());
    mine.proxy.next('changes', problem(403, 'insufficient_scope'));
    await using follower = startFollower(mine.client);
    expect(await rejection(follower.ended)).to.include({ status: 403, code: 'insufficient_scope' });
    mine.proxy.always('changes', problem(410, 'revision_expired'));
    await using next = startFollower(mine.client);
    expect(await rejection(next.ended)).to.include({ status: 410 });
  });

  it('given an error of the app: the loop ends with it', async () => {
    await using mine = await clientUser(service());
    const fault = new Error('A fault of the app');
    const loop = async (): Promise<void> => {
      const onStatus = (): void => {
        throw fault;
      };
      for await (const { revision } of mine.client.follow({ onStatus })) expect(revision).to.equal(0);
    };
    expect(await rejection(loop())).to.equal(fault);
    await until('no stream is open', () => mine.proxy.open() === 0);
  });

  it('given a signal: the loop ends without an error, and no stream stays open', async () => {
    await using mine = await clientUser(service());
    const follower = startFollower(mine.client);
    await until('the stream is open', () => follower.statuses.includes('live'));
    await follower[Symbol.asyncDispose]();
    await follower.ended;
    await until('no stream is open', () => mine.proxy.open() === 0);
  });
});
