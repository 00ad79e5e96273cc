import { expect } from 'chai';
import { problemOf, tasksOf } from '../../../support/http/response-schemas.ts';
import { connect } from '../../../support/postgres/sql.ts';
import { ownService } from '../../../support/http/suites.ts';
import { isReplay, keyed } from '../../../support/keys/keyed-requests.ts';
import { timed, until } from '../../../support/until.ts';

describe('409 idempotency_key_in_use', () => {
  const service = ownService({ store: 'PostgreSQL' });

  it('given a first request that takes long: 409 with Retry-After after a second, and other keys do not wait for it', async () => {
    const user = await service().user();
    const other = await service().user();
    await user.post(user.lists.own, { title: 'The user has a row' });
    await using lock = await connect(service().databaseUrl ?? '');
    await lock.run('begin');
    await lock.run('select from owners where id = $1 for update', [user.id]);
    const create = (key: string) => user.post(user.lists.own, { title: key }, keyed(key));
    const first = create('k');
    await until('the first is being written', () => service().get('database').usage().used === 1);
    const [second, milliseconds] = await timed(() => create('k'));
    expect(milliseconds).to.be.within(900, 2_500);
    expect(second.status).to.equal(409);
    expect(problemOf(second).code).to.equal('idempotency_key_in_use');
    expect(second.headers['retry-after']).to.equal('1');
    expect((await other.post(other.lists.own, { title: 'Not late' }, keyed('k'))).status).to.equal(201);
    const another = create('another');
    await lock.run('commit');
    expect([(await first).status, (await another).status]).to.deep.equal([201, 201]);
    const third = await create('k');
    expect([isReplay(third), third.text]).to.deep.equal([true, (await first).text]);
    expect(tasksOf(await user.get(user.lists.own))).to.have.length(3);
  });

  it('given a first request that is answered within the second: the others repeat its response', async () => {
    const user = await service().user();
    await user.post(user.lists.own, { title: 'The user has a row' });
    await using lock = await connect(service().databaseUrl ?? '');
    await lock.run('begin');
    await lock.run('select from owners where id = $1 for update', [user.id]);
    const create = () => user.post(user.lists.own, { title: 'Once' }, keyed('k'));
    const answers = [create(), create(), create()];
    await until('the first is being written', () => service().get('database').usage().used === 1);
    await lock.run('commit');
    const all = await Promise.all(answers);
    expect(all.map(({ status }) => status)).to.deep.equal([201, 201, 201]);
    expect(new Set(all.map(({ text }) => text)).size).to.equal(1);
    expect(all.filter(isReplay)).to.have.length(2);
  });
});
