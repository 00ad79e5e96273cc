import { expect } from 'chai';
import { memoryTaskRepository } from '../../../src/infrastructure/memory/task-repository.ts';
import { numbers } from '../../support/in-batches.ts';
import { problemOf, tasksOf } from '../../support/http/promises.ts';
import { connect } from '../../support/postgres/sql.ts';
import { ownService } from '../../support/http/suites.ts';
import { timed, until } from '../../support/until.ts';

describe('504 where the service takes too long', () => {
  const service = ownService({
    environment: { REQUEST_TIMEOUT_MS: '300' },
    overrides: { tasks: { ...memoryTaskRepository(), list: () => new Promise(() => undefined) } },
  });

  it('is a problem, in time, on a connection that stays', async () => {
    const user = await service().user();
    const [answer, milliseconds] = await timed(() => user.get('/api/tasks'));
    expect(answer.status).to.equal(504);
    expect(problemOf(answer).code).to.equal('timeout');
    expect(milliseconds).to.be.within(290, 1_500);
    expect(answer.headers['connection']).to.equal('keep-alive');
    expect(service().observations.map(({ type }) => type)).to.include('failure');
  });

  it('leaves what is quick alone', async () => {
    const user = await service().user();
    expect((await user.post('/api/tasks', { title: 'Quick' })).status).to.equal(201);
  });
});

describe('504 while the database is busy', () => {
  const service = ownService({
    store: 'PostgreSQL',
    environment: { REQUEST_TIMEOUT_MS: '400', DATABASE_POOL_MAX: '1' },
  });

  it('is followed by no write that timed out, and only by those whose outcome is unknown', async () => {
    const user = await service().user();
    await user.post('/api/tasks', { title: 'Before' });
    await using lock = await connect(service().databaseUrl ?? '');
    await lock.run('begin');
    await lock.run('lock table tasks in exclusive mode');
    const post = async (title: string) => ({ title, ...(await user.post('/api/tasks', { title })) });
    const begun = post('Is sent at once');
    await until('the only connection is in use', () => service().get('database').usage().used === 1);
    // One gets its turn when the first is cancelled, a moment before or after its own time is over; the others do not.
    const writes = await Promise.all([begun, ...numbers(5).map((n) => post(`Waits ${n}`))]);
    for (const { status } of writes) expect(status).to.equal(504);
    const codes = writes.map((write) => problemOf(write).code);
    expect(codes[0]).to.equal('outcome_unknown');
    expect(codes).to.include('timeout');
    await until('all had their turns', () => service().get('database').usage().used === 0);
    await lock.run('commit');
    const timedOut = writes.filter((_, n) => codes[n] === 'timeout').map(({ title }) => title);
    const titles = tasksOf(await user.get('/api/tasks')).map(({ title }) => title);
    expect(titles).to.include('Before');
    expect(titles.filter((title) => timedOut.includes(title))).to.deep.equal([]);
  });
});

describe('408 where the request takes too long to arrive', () => {
  const service = ownService({ environment: { REQUEST_TIMEOUT_MS: '300' } });

  it('is the answer to a body that never ends, and nothing is done', async () => {
    const user = await service().user();
    const { answers, closed } = await service().raw(
      `POST /api/tasks HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${user.token}\r\n` +
        'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"title":"Sl',
    );
    expect(answers.map(({ status }) => status)).to.deep.equal([408]);
    expect(closed).to.equal(true);
    expect(tasksOf(await user.get('/api/tasks'))).to.deep.equal([]);
  });
});
