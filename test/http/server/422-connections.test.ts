import { expect } from 'chai';
import { inBatches, numbers } from '../../support/in-batches.ts';
import { ownService } from '../../support/http/suites.ts';
import { connect } from '../../support/postgres/sql.ts';
import { absentId, kept } from '../../support/tasks/task-requests.ts';

describe('422 and other refusals in large numbers', () => {
  const service = ownService({ store: 'PostgreSQL', environment: { DATABASE_POOL_MAX: '3' } });

  const backends = async (): Promise<unknown[]> => {
    await using session = await connect(service().databaseUrl ?? '');
    const rows = await session.run(`select pid from pg_stat_activity
      where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()
      order by pid`);
    return rows.map(({ pid }) => pid);
  };

  it('given 500 requests of each kind that is refused: no database connection is lost, nothing written', async () => {
    const [user, other] = [await service().user(), await service().user()];
    const { anonymous } = service();
    const task = await kept(user);
    const foreign = await kept(other);
    const list = user.lists.own;
    await Promise.all(numbers(20).map(() => user.get(list)));
    const [before, content] = [await backends(), (await user.get(list)).text];
    expect(before).not.to.be.empty;

    const stale = { headers: { 'If-Match': '"99"' } };
    const refusals: readonly (readonly [status: number, send: () => Promise<{ status: number }>])[] = [
      [401, () => anonymous.post(list, { title: 'x' })],
      [401, () => anonymous.get(list, { headers: { Authorization: 'Bearer x.y.z' } })],
      [403, () => user.delete(`${other.lists.named}/${foreign.id}`)],
      [404, () => user.get(`${list}/${absentId}`)],
      [404, () => user.put(`${list}/${foreign.id}`, { title: 'x' })],
      [404, () => user.patch(`${list}/malformed/complete`)],
      [404, () => user.delete(`${list}/${foreign.id}`)],
      [412, () => user.put(`${list}/${task.id}`, { title: 'x' }, stale)],
      [412, () => user.delete(`${list}/${task.id}`, stale)],
      [412, () => user.patch(`${list}/${task.id}/complete`, undefined, stale)],
      [413, () => user.post(list, { title: 'x'.repeat(70_000) })],
      [415, () => user.send('POST', list, { body: 'x' })],
      [422, () => user.post(list, { title: 'a\0b' })],
      [422, () => user.put(`${list}/${task.id}`, { description: '\ud800' })],
      [422, () => user.get(`${list}?limit=0`)],
      [422, () => user.get(`${list}?cursor=x`)],
    ];
    for (const [status, send] of refusals) {
      const answers = await inBatches(10, numbers(500 / 10), send);
      expect(new Set(answers.map((answer) => answer.status))).to.deep.equal(new Set([status]));
    }
    expect(await backends(), 'the connections from before, and at most as many as the pool allows')
      .to.include.members(before)
      .and.have.lengthOf.at.most(3);
    expect((await user.get(list)).text).to.equal(content);
  });
});
