import { expect } from 'chai';
import { Agent } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Observation } from '../../../../src/application/ports/observer.ts';
import type { Revision } from '../../../../src/domain/task.ts';
import type { UserId } from '../../../../src/domain/user.ts';
import { memoryTaskRepository } from '../../../../src/infrastructure/memory/task-repository.ts';
import { createEventStreams } from '../../../../src/interfaces/http/streams/event-streams.ts';
import { openEvents } from '../../../support/events/event-reader.ts';
import { startService } from '../../../support/http/service.ts';
import { ownService } from '../../../support/http/suites.ts';
import { kept } from '../../../support/tasks/task-requests.ts';
import { revision, userId } from '../../../support/tasks/tasks.ts';
import { tokenFor } from '../../../support/tokens/tokens.ts';
import { until } from '../../../support/until.ts';

const heartbeatMs = 50;
const seconds = (): number => Date.now() / 1000;

describe('200 {tasks}/events: heartbeats and ends', () => {
  const observations: Observation[] = [];
  const observe = (observation: Observation): void => void observations.push(observation);
  const service = ownService({
    overrides: { eventStreams: createEventStreams({ max: 1_000, observe, heartbeatMs }) },
  });
  const ends = () => observations.filter((one) => one.type === 'stream_ended');

  it('given an idle stream: a comment line in every interval, and no further event', async () => {
    const { token } = await service().user();
    const begun = performance.now();
    using events = await openEvents({ port: service().port, token });
    await events.until(() => events.comments >= 5);
    expect(performance.now() - begun).to.be.at.least(5 * heartbeatMs - 20);
    expect(events.revisions).to.deep.equal([0]);
  });

  it('given a token that ends: the stream ends 10 s after exp, complete, and the connection is used again', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const exp = seconds() - 9.2; // valid for 0.8 s, leeway included
    const token = await tokenFor(userId(), { exp });
    using events = await openEvents({ port: service().port, token, agent });
    expect(await events.ended).to.equal(true);
    expect(seconds() - exp).to.be.within(9.99, 11);
    expect(events.revisions).to.deep.equal([0]);
    expect(ends().at(-1)).to.include({ reason: 'token', events: 1 });

    const { token: other } = await service().user();
    const [socket] = Object.values(agent.freeSockets).flat();
    using again = await openEvents({ port: service().port, token: other, agent });
    await again.untilEvents(1);
    expect(Object.values(agent.sockets).flat()).to.deep.equal([socket]);
    agent.destroy();
  });

  it('given a token that is valid for years: the stream goes on', async () => {
    const token = await tokenFor(userId(), { exp: Number.MAX_SAFE_INTEGER - 10 });
    using events = await openEvents({ port: service().port, token });
    await events.until(() => events.comments >= 3);
  });

  it('given a client that reads nothing: it is disconnected, and little is kept for it', async () => {
    const flooding = ownedByTest();
    await using started = await startService({ overrides: flooding.overrides });
    const { token } = await started.user();
    const socket = connect(started.port, '127.0.0.1').on('error', () => undefined);
    socket.pause();
    socket.write(`GET /api/tasks/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    await until('the stream is cut', () => flooding.ends().length > 0, 30_000);
    expect(flooding.ends()[0]).to.include({ reason: 'slow' });
    expect(flooding.mostBuffered()).to.be.below(1_000);
    socket.destroy();
  });

  it('given the shutdown: every stream ends complete, with a retry of its own; a new one ends at once', async () => {
    const [a, b] = [await service().user(), await service().user()];
    const streams = [];
    for (const { token } of [a, a, a, b, b, b]) {
      const events = await openEvents({ port: service().port, token });
      await events.untilEvents(1);
      streams.push(events);
    }
    await kept(a);
    service().get('eventStreams').end();
    for (const events of streams) {
      expect(await events.ended).to.equal(true);
      expect(events.retries).to.have.length(2);
      expect(events.retries[1]).to.be.within(1_000, 10_000);
    }
    expect(new Set(streams.map(({ retries }) => retries[1])).size).to.be.greaterThan(1);
    expect(
      ends()
        .slice(-6)
        .map(({ reason }) => reason),
    ).to.deep.equal(Array(6).fill('shutdown'));

    using late = await openEvents({ port: service().port, token: a.token });
    expect(await late.ended).to.equal(true);
    expect([late.status, late.retries.length, late.revisions.length]).to.deep.equal([200, 2, 0]);
    expect(service().get('eventStreams').open).to.equal(0);
  });
});

/** A service whose counters grow with every read, and whose connections never drain. */
const ownedByTest = () => {
  const ended: Extract<Observation, { type: 'stream_ended' }>[] = [];
  let mostBuffered = 0;
  const streams = createEventStreams({
    max: 1,
    heartbeatMs,
    observe: (one) => one.type === 'stream_ended' && ended.push(one),
  });
  let counter = 0;
  const store = memoryTaskRepository();
  const users = {
    ...store,
    revisions: (ids: readonly UserId[]): Promise<readonly Revision[]> =>
      Promise.resolve(ids.map(() => revision((counter += 1)))),
  };
  const respond: typeof streams.respond = (ctx, token, source) => {
    const { socket } = ctx.res.req;
    neverDrain(socket);
    streams.respond(ctx, token, (send) => {
      const timer = setInterval(() => {
        send({ event: 'revision', id: `${(counter += 1)}`, data: '{}' });
        mostBuffered = Math.max(mostBuffered, ctx.res.writableLength);
      }, 1);
      const stop = source(send);
      return () => {
        clearInterval(timer);
        stop();
      };
    });
  };
  return {
    overrides: { users, eventStreams: { ...streams, respond } },
    ends: () => ended,
    mostBuffered: () => mostBuffered,
  };
};

/** As a connection whose client reads nothing, after the buffers of both kernels are full. */
const neverDrain = (socket: Socket): void => {
  Object.assign(socket, { _write: () => undefined, _writev: null });
};
