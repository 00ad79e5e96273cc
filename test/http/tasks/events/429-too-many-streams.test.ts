import { expect } from 'chai';
import { openEvents, type EventReader } from '../../../support/events/event-reader.ts';
import { problemOf } from '../../../support/http/response-schemas.ts';
import { ownService } from '../../../support/http/suites.ts';
import { tokenFor } from '../../../support/tokens/tokens.ts';
import { until } from '../../../support/until.ts';

describe('429 and 503 for {tasks}/events', () => {
  const service = ownService({ environment: { EVENT_STREAMS_MAX: '12', RATE_LIMIT_MAX: '1000' } });

  const open = async (token: string, count: number): Promise<EventReader[]> => {
    const streams = [];
    while (streams.length < count) streams.push(await openEvents({ port: service().port, token }));
    return streams;
  };
  const isOpen = (count: number) => (): boolean => service().get('eventStreams').open === count;

  it('given 10 streams of a user: 429 for another in both URL schemes, until one ends', async () => {
    const user = await service().user();
    const streams = await open(user.token, 10);
    const sameUser = await tokenFor(user.id, { jti: 'another token' });
    for (const list of Object.values(user.lists)) {
      const headers = { Authorization: `Bearer ${sameUser}` };
      const refused = await user.get(`${list}/events`, { headers });
      expect(refused.status).to.equal(429);
      expect(problemOf(refused).code).to.equal('rate_limited');
      expect(problemOf(refused).detail).to.include('10 event streams open on one instance');
      expect(refused.headers['retry-after']).to.equal('10');
      expect((await user.head(`${list}/events`)).status).to.equal(429);
    }
    expect(service().observations).to.deep.include({
      ...service().observations.find(({ type }) => type === 'rate_limited'),
      scope: 'streams',
    });
    streams[0]?.[Symbol.dispose]();
    await until('one has ended', isOpen(9));
    expect((await user.get('/api/tasks/events')).status).to.equal(200);
    for (const stream of streams) stream[Symbol.dispose]();
    await until('all have ended', isOpen(0));
  });

  it('given EVENT_STREAMS_MAX streams: 503 for every user, until one ends', async () => {
    const [a, b] = [await service().user(), await service().user()];
    const streams = [...(await open(a.token, 8)), ...(await open(b.token, 4))];
    for (const user of [a, b, await service().user()]) {
      const refused = await user.get('/api/tasks/events');
      expect(refused.status).to.equal(503);
      expect(problemOf(refused).code).to.equal('overloaded');
      expect(refused.headers['retry-after']).to.equal('1');
      expect((await user.get('/api/tasks')).status).to.equal(200);
    }
    streams[0]?.[Symbol.dispose]();
    await until('one has ended', isOpen(11));
    expect((await a.get('/api/tasks/events')).status).to.equal(200);
    for (const stream of streams) stream[Symbol.dispose]();
    await until('all have ended', isOpen(0));
  });

  it('given a stream: counted once against the rate limit', async () => {
    const user = await service().user();
    const [events] = await open(user.token, 1);
    await events?.until(() => events.revisions.length > 0);
    const remaining = (await user.get('/api/tasks')).headers['ratelimit'];
    expect(events?.headers['ratelimit']).to.match(/^"default";r=999;/);
    expect(remaining).to.match(/^"default";r=998;/);
    events?.[Symbol.dispose]();
  });
});

describe('503 for {tasks}/events with EVENT_STREAMS_MAX=0', () => {
  const service = ownService({ environment: { EVENT_STREAMS_MAX: '0' } });

  it('given any user: 503', async () => {
    expect((await (await service().user()).get('/api/tasks/events')).status).to.equal(503);
  });
});
