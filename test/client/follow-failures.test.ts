import { expect } from 'chai';
import { clientUser } from '../support/client/client-user.ts';
import { problem, type Fault } from '../support/client/faulty-proxy.ts';
import { startFollower } from '../support/client/follower.ts';
import { describeInMemory } from '../support/http/suites.ts';
import { rejection } from '../support/rejection.ts';
import { until } from '../support/until.ts';

const page = (status: number): Fault => ({ status, body: '<h1>An error</h1>' });

describeInMemory('failures while the client follows', (service) => {
  const passing: readonly (readonly [what: string, fault: Fault])[] = [
    ...[403, 404, 410, 500, 501, 507, 520, 521, 530].map((status) => [`${status}`, page(status)] as const),
    ['500 of the service', problem(500, 'internal_error')],
  ];
  for (const [what, fault] of passing) {
    it(`given ${what} for a while, for changes and for streams: offline, and live again`, async () => {
      await using mine = await clientUser(service());
      mine.proxy.next('/api/tasks/changes', fault, fault);
      mine.proxy.next('/api/tasks/events', fault, fault);
      await using follower = startFollower(mine.client);
      await until('it is live', () => follower.statuses.includes('live'));
      await mine.client.tasks.create({ title: 'a' });
      await follower.shows('a');
      expect(follower.statuses).to.deep.equal(['offline', 'live']);
    });
  }

  it('given a token that is refused again: the loop ends with 401', async () => {
    await using mine = await clientUser(service(), { token: () => 'no.good.token' });
    await using follower = startFollower(mine.client);
    expect(await rejection(follower.ended)).to.include({ status: 401, code: 'unauthenticated' });
  });
});
