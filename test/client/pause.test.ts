import { expect } from 'chai';
import { pause } from '../../client/src/requests/pause.ts';
import { createClient } from '../../client/src/taskhold.ts';
import { clientUser } from '../support/client/client-user.ts';
import { startFollower } from '../support/client/follower.ts';
import { describeInMemory } from '../support/http/suites.ts';
import { rejection } from '../support/rejection.ts';
import { timed, until } from '../support/until.ts';

describe('the pauses of the client', () => {
  it('given a signal that is aborted already: no pause', async () => {
    const [, elapsed] = await timed(() => pause(10_000, AbortSignal.abort(), false));
    expect(elapsed).to.be.below(1_000);
  });

  it('given a time that setTimeout cannot wait: the pause lasts nevertheless', async () => {
    for (const ms of [2 ** 31, Number.MAX_SAFE_INTEGER, Infinity]) {
      const ending = new AbortController();
      setTimeout(() => ending.abort(), 50);
      const [, elapsed] = await timed(() => pause(ms, ending.signal, false));
      expect(elapsed, String(ms)).to.be.at.least(45);
    }
  });
});

describeInMemory('the times in the options of the client', (service) => {
  for (const ms of [0, -1, -Infinity, NaN])
    it(`given ${ms} ms: a RangeError, and no request`, async () => {
      await using mine = await clientUser(service());
      for (const name of ['timeoutMs', 'maxElapsedMs', 'retryDelayMs'])
        expect(() => createClient({ url: mine.proxy.url, token: () => '', [name]: ms }), name).to.throw(
          RangeError,
        );
      expect(() => mine.client.queue({ retryDelayMs: ms })).to.throw(RangeError);
      for (const name of ['pollMs', 'silenceMs', 'reconnectMs'])
        expect(await rejection(mine.client.follow({ [name]: ms }).next()), name).to.be.instanceOf(RangeError);
      expect(mine.proxy.seen).to.deep.equal([]);
    });

  for (const ms of [Infinity, 2 ** 31])
    it(`given ${ms} ms: as good as no limit`, async () => {
      await using mine = await clientUser(service(), { timeoutMs: ms, maxElapsedMs: ms });
      await using follower = startFollower(mine.client, { silenceMs: ms, pollMs: ms });
      await until('it is live', () => follower.statuses.includes('live'));
      await mine.client.tasks.create({ title: 'a' });
      await follower.shows('a');
      expect(follower.statuses).to.deep.equal(['live']);
    });
});
