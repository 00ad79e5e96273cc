import { expect } from 'chai';
import { createEventStreams } from '../../../src/interfaces/http/streams/event-streams.ts';
import { openEvents, type EventReader } from '../../support/events/event-reader.ts';
import { ownProxiedService } from '../../support/http/proxied-service.ts';
import type { User } from '../../support/http/service.ts';
import { documentedConfiguration, proxyKinds } from '../../support/processes/proxy.ts';
import { kept } from '../../support/tasks/task-requests.ts';
import { until } from '../../support/until.ts';

/** Shorter than in production, as are the timeouts of the proxies, in the same proportion. */
const heartbeatMs = 400;

/** Such as `proxy_read_timeout 30s`, `timeout server 30s` and `timeout client 75s`. */
const timeouts = /(proxy_read_timeout|timeout (?:server|client)) +(\d+)s/g;

for (const kind of proxyKinds)
  describe(`event streams through ${kind}`, function () {
    this.timeout(30_000);
    const proxied = ownProxiedService(kind, {
      change: (configuration) => configuration.replaceAll(timeouts, '$1 1s'),
      overrides: { eventStreams: createEventStreams({ max: 100, observe: () => undefined, heartbeatMs }) },
    });

    const follow = async (user: User, list = user.lists.own): Promise<EventReader> => {
      const events = await openEvents({
        port: proxied().port,
        token: user.token,
        path: `/todo${list}/events`,
        headers: { 'Accept-Encoding': 'gzip, br' },
      });
      await events.untilEvents(1);
      return events;
    };

    for (const scheme of ['own', 'named'] as const) {
      it(`given writes: each event within a second, neither buffered nor compressed (${scheme} URL scheme)`, async () => {
        const user = await proxied().service.user();
        using events = await follow(user, user.lists[scheme]);
        expect(events.headers).to.include({
          'content-type': 'text/event-stream',
          'cache-control': 'no-store',
        });
        expect(events.headers).not.to.have.property('content-encoding');
        for (let n = 1; n <= 5; n += 1) {
          await kept(user);
          const written = performance.now();
          await events.untilEvents(n + 1);
          expect(events.times[n] ?? 0).to.be.below(written + 1_000);
        }
        expect(events.revisions).to.deep.equal([0, 1, 2, 3, 4, 5]);
      });
    }

    it('given an idle stream for longer than the timeouts of the proxy: heartbeats keep it open', async () => {
      const user = await proxied().service.user();
      using events = await follow(user);
      await events.until(() => events.comments >= 6);
      await kept(user);
      await events.untilEvents(2);
      expect(events.revisions).to.deep.equal([0, 1]);
    });

    // HAProxy notices it by the next heartbeat that it cannot send.
    it('given a client that leaves: its stream ends after two heartbeats at the latest', async () => {
      const { service } = proxied();
      await until('the streams of other tests are closed', () => service.get('eventStreams').open === 0);
      const events = await follow(await service.user());
      events[Symbol.dispose]();
      const left = performance.now();
      await until('the stream is closed', () => service.get('eventStreams').open === 0, 5_000);
      expect(performance.now() - left).to.be.below(2 * heartbeatMs + 300);
    });

    it('given the documented timeouts: twice as long as a heartbeat, at least', async () => {
      const seconds = [...(await documentedConfiguration(kind)).matchAll(timeouts)].map(([, , text]) =>
        Number(text),
      );
      expect(seconds.length).to.be.at.least(1);
      for (const timeout of seconds) expect(timeout).to.be.at.least(30);
    });

    it('given the shutdown: the stream ends complete', async () => {
      const { service } = proxied();
      using events = await follow(await service.user());
      service.get('eventStreams').end();
      expect(await events.ended).to.equal(true);
      expect(events.retries).to.have.length(2);
    });
  });
