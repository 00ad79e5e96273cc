import { expect } from 'chai';
import { problemOf } from '../../support/http/response-schemas.ts';
import { connect } from '../../support/postgres/sql.ts';
import { ownService } from '../../support/http/suites.ts';
import { timed, until } from '../../support/until.ts';

describe('503 while every connection to the database is in use', () => {
  const service = ownService({
    store: 'PostgreSQL',
    environment: { DATABASE_POOL_MAX: '2', DATABASE_QUEUE_MAX: '3' },
  });

  it('given a full queue: 503 with Retry-After within 1.5 seconds, health responds, and refused tasks are not written', async () => {
    const user = await service().user();
    await user.post('/api/tasks', { title: 'The owner has a row' });
    await using lock = await connect(service().databaseUrl ?? '');
    await lock.run('begin');
    await lock.run('lock table tasks in exclusive mode');
    const database = service().get('database');
    const working = [1, 2].map(() => user.post('/api/tasks', { title: 'Works' }));
    await until('all connections are in use', () => database.usage().used === 2);

    const waiting = [1, 2, 3].map(() => timed(() => user.post('/api/tasks', { title: 'Waits' })));
    await until('the queue is full', () => database.usage().waiting === 3);
    const [refused, duration] = await timed(() => user.post('/api/tasks', { title: 'Is refused' }));
    expect(duration).to.be.lessThan(500);
    for (const path of ['/health/live', '/health/ready', '/health']) {
      const [health, milliseconds] = await timed(() => service().anonymous.get(path));
      expect(milliseconds, path).to.be.lessThan(1_000);
      if (path === '/health/live') expect(health.status).to.equal(200);
    }
    const timedOut = await Promise.all(waiting);
    for (const [answer, milliseconds] of timedOut) {
      expect(milliseconds).to.be.lessThan(1_500);
      expect(answer.status).to.equal(503);
    }
    for (const answer of [refused, ...timedOut.map(([answer]) => answer)]) {
      expect(problemOf(answer).code).to.equal('overloaded');
      expect(answer.headers['retry-after']).to.match(/^[1-9]\d*$/);
    }

    await lock.run('commit');
    for (const answer of working) expect((await answer).status).to.equal(201);
    expect((await user.post('/api/tasks', { title: 'Afterwards' })).status).to.equal(201);
    const titles = (await user.get('/api/tasks')).text;
    expect(titles).not.to.match(/Waits|Is refused/);
  });
});
