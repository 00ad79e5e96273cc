import { expect } from 'chai';
import { openEvents, type EventReader } from '../../../support/events/event-reader.ts';
import { problemOf } from '../../../support/http/response-schemas.ts';
import type { Service, User } from '../../../support/http/service.ts';
import { describeInMemory, describeOnEachStore, urlSchemes } from '../../../support/http/suites.ts';
import { kept } from '../../../support/tasks/task-requests.ts';
import { until } from '../../../support/until.ts';

const follow = (
  { port }: Service,
  { token, lists }: User,
  headers: Readonly<Record<string, string>> = {},
  list = lists.own,
): Promise<EventReader> => openEvents({ port, token, path: `${list}/events`, headers });

describeOnEachStore('200 {tasks}/events', (service) => {
  for (const scheme of urlSchemes) {
    it(`given a user without tasks: an event with 0 at once, then one for each write (${scheme} URL scheme)`, async () => {
      const user = await service().user();
      using events = await follow(service(), user, {}, user.lists[scheme]);
      await events.untilEvents(1);
      const { id } = await kept(user);
      await events.untilEvents(2);
      await user.patch(`${user.lists.own}/${id}/complete`);
      await events.untilEvents(3);
      await user.delete(`${user.lists.own}/${id}`);
      await events.untilEvents(4);
      expect(events.revisions).to.deep.equal([0, 1, 2, 3]);
    });
  }

  it('given a write: its event within a second', async () => {
    const user = await service().user();
    using events = await follow(service(), user);
    await events.untilEvents(1);
    for (let n = 1; n <= 5; n += 1) {
      await kept(user);
      const written = performance.now();
      await events.untilEvents(n + 1);
      expect(events.times[n] ?? 0).to.be.below(written + 1_000);
    }
  });

  it('given many writes: growing revisions, and the last one at the end', async () => {
    const user = await service().user();
    using events = await follow(service(), user);
    await Promise.all(Array.from({ length: 40 }, () => kept(user)));
    await events.until(() => events.revisions.at(-1) === 40);
    expect(events.revisions).to.deep.equal([...new Set(events.revisions)].sort((a, b) => a - b));
  });

  it('given a stream that opens after a write: its first event is not older', async () => {
    const user = await service().user();
    using first = await follow(service(), user);
    await first.untilEvents(1);
    for (let n = 1; n <= 5; n += 1) {
      await kept(user);
      using later = await follow(service(), user);
      await later.untilEvents(1);
      expect(later.revisions[0]).to.equal(n);
    }
  });

  it('given writes of another user: no event', async () => {
    const [user, other] = [await service().user(), await service().user()];
    using events = await follow(service(), user);
    using others = await follow(service(), other);
    await events.untilEvents(1);
    for (let n = 0; n < 3; n += 1) await kept(other);
    await others.until(() => others.revisions.at(-1) === 3);
    await kept(user);
    await events.untilEvents(2);
    expect(events.revisions).to.deep.equal([0, 1]);
  });

  it('given Last-Event-ID with the current counter: the first event is that of the next write', async () => {
    const user = await service().user();
    await kept(user);
    await kept(user);
    using events = await follow(service(), user, { 'Last-Event-ID': '2' });
    using other = await follow(service(), user);
    await other.untilEvents(1);
    expect(events.revisions).to.deep.equal([]);
    await kept(user);
    await events.untilEvents(1);
    expect(events.revisions).to.deep.equal([3]);
  });

  for (const lastEventId of ['1', '3', '', '02', '2.0', '-2', '2x', 'x', '9'.repeat(400), '"2"'])
    it(`given Last-Event-ID ${JSON.stringify(lastEventId.slice(0, 9))} and the counter 2: an event at once`, async () => {
      const user = await service().user();
      await kept(user);
      await kept(user);
      using events = await follow(service(), user, { 'Last-Event-ID': lastEventId });
      await events.untilEvents(1);
      expect(events.revisions).to.deep.equal([2]);
    });
});

describeInMemory('200 {tasks}/events over HTTP', (service) => {
  it('given a stream: the header fields of the contract, and when to connect again', async () => {
    const user = await service().user();
    using events = await follow(service(), user, { Origin: 'http://localhost:3000' });
    await events.untilEvents(1);
    expect(events.status).to.equal(200);
    expect(events.headers).to.include({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'transfer-encoding': 'chunked',
      'access-control-allow-origin': 'http://localhost:3000',
    });
    expect(events.headers).not.to.have.any.keys('etag', 'content-encoding', 'content-length');
    expect(events.headers.vary).to.match(/Authorization/);
    expect(events.retries).to.have.length(1);
    expect(events.retries[0]).to.be.within(1_000, 5_000);
  });

  it('given HEAD: the header fields of GET, without a body, and no stream', async () => {
    const user = await service().user();
    for (const list of Object.values(user.lists)) {
      for (let n = 0; n < 12; n += 1) {
        const answer = await user.head(`${list}/events`);
        expect(answer.status).to.equal(200);
        expect(answer.headers).to.include({
          'content-type': 'text/event-stream',
          'cache-control': 'no-store',
          'x-accel-buffering': 'no',
        });
      }
    }
    expect(service().get('eventStreams').open).to.equal(0);
  });

  it('given OPTIONS: GET, HEAD and OPTIONS; given another method: 405', async () => {
    const user = await service().user();
    const options = await user.options('/api/tasks/events');
    expect(options.headers['allow']).to.equal('GET, HEAD, OPTIONS');
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const answer = await user.send(method, '/api/tasks/events');
      expect(answer.status).to.equal(405);
      expect(answer.headers['allow']).to.equal('GET, HEAD, OPTIONS');
    }
  });

  for (const [accept, status] of [
    ['text/event-stream', 200],
    ['text/*', 200],
    ['*/*', 200],
    ['application/json, text/plain, */*', 200],
    ['application/json', 406],
    ['text/html', 406],
    ['text/event-stream;q=0', 406],
  ] as const)
    it(`given Accept ${accept}: ${status}`, async () => {
      const user = await service().user();
      const answer = await user.get('/api/tasks/events', { headers: { Accept: accept } });
      expect(answer.status).to.equal(status);
      if (status === 406) expect(problemOf(answer).detail).to.include('text/event-stream');
    });

  it('given a trailing slash or unknown parameters: the same stream', async () => {
    const user = await service().user();
    for (const end of ['/', '?', '?since=5', '/?x=%20']) {
      const answer = await user.get(`/api/tasks/events${end}`);
      expect([answer.status, answer.headers['content-type']]).to.deep.equal([200, 'text/event-stream']);
    }
    expect((await user.get('/api/tasks/events?x=%zz')).status).to.equal(400);
  });

  it('given a stream that was closed by its client: its place is free at once, and nothing is read any more', async () => {
    const user = await service().user();
    const events = await follow(service(), user);
    await events.untilEvents(1);
    expect(service().get('eventStreams').open).to.equal(1);
    events[Symbol.dispose]();
    await until('the stream is closed', () => service().get('eventStreams').open === 0);
  });

  it('given a client that closes its side of the connection: the stream ends', async () => {
    const user = await service().user();
    const request = `GET /api/tasks/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${user.token}\r\n`;
    for (const end of ['\r\n', 'Connection: close\r\n\r\n']) {
      const received = await service().raw(request + end, { then: (socket) => socket.end() });
      expect(received.closed).to.equal(true);
      expect(received.answers.map(({ status }) => status)).to.deep.equal([200]);
    }
    await until('no stream is open', () => service().get('eventStreams').open === 0);
  });

  it('given HTTP/1.0: the events without chunks', async () => {
    const user = await service().user();
    const request = `GET /api/tasks/events HTTP/1.0\r\nAuthorization: Bearer ${user.token}\r\n\r\n`;
    const { bytes } = await service().raw(request, {
      then: (socket) => socket.on('data', (chunk) => chunk.includes('data:') && socket.end()),
    });
    const text = bytes.toString();
    expect(text).to.match(/\r\n\r\nretry: \d+\n\nevent: revision\nid: 0\ndata: \{"revision":0\}\n\n$/);
    expect(text.toLowerCase()).not.to.include('transfer-encoding');
  });

  it('given a stream: its request is observed when it begins, and its end with its duration', async () => {
    const user = await service().user();
    const requestId = `stream-of-${user.id}`;
    const ofStream = (type: string) =>
      service().observations.filter(
        (one) => one.type === type && 'requestId' in one && one.requestId === requestId,
      );
    const events = await follow(service(), user, { 'X-Request-Id': requestId });
    await events.untilEvents(1);
    const [begun] = ofStream('request');
    expect(begun).to.include({ method: 'GET', route: '/api/tasks/events', status: 200, user: user.id });
    expect(ofStream('stream_ended')).to.deep.equal([]);
    await kept(user);
    await events.untilEvents(2);
    events[Symbol.dispose]();
    await until('the end is observed', () => ofStream('stream_ended').length > 0);
    const [end] = ofStream('stream_ended');
    expect(end).to.include({ route: '/api/tasks/events', reason: 'client', events: 2 });
    expect(ofStream('request')).to.have.length(1);
  });
});
