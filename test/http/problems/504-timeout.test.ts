import { expect } from 'chai';
import { memoryTaskRepository } from '../../../src/infrastructure/memory/task-repository.ts';
import { numbers } from '../../support/in-batches.ts';
import { problemOf, tasksOf } from '../../support/http/response-schemas.ts';
import { connect } from '../../support/postgres/sql.ts';
import { ownService } from '../../support/http/suites.ts';
import { timed, until } from '../../support/until.ts';

describe('504 when the service takes too long', () => {
  const service = ownService({
    environment: { REQUEST_TIMEOUT_MS: '300' },
    overrides: { tasks: { ...memoryTaskRepository(), list: () => new Promise(() => undefined) } },
  });

  it('given a use case over the time limit: 504 timeout, and the connection stays open', async () => {
    const user = await service().user();
    const [answer, milliseconds] = await timed(() => user.get('/api/tasks'));
    expect(answer.status).to.equal(504);
    expect(problemOf(answer).code).to.equal('timeout');
    expect(milliseconds).to.be.within(290, 1_500);
    expect(answer.headers['connection']).to.equal('keep-alive');
    expect(service().observations.map(({ type }) => type)).to.include('failure');
  });

  it('given a use case within the time limit: 201', async () => {
    const user = await service().user();
    expect((await user.post('/api/tasks', { title: 'Quick' })).status).to.equal(201);
  });
});

describe('504 while the database is busy', () => {
  const service = ownService({
    store: 'PostgreSQL',
    environment: { REQUEST_TIMEOUT_MS: '400', DATABASE_POOL_MAX: '1' },
  });

  it('given writes over the time limit: none with code timeout is written', async () => {
    const user = await service().user();
    await until(
      'a task is stored', // the connection is open
      async () => (await user.post('/api/tasks', { title: 'Before' })).status === 201,
    );
    await using lock = await connect(service().databaseUrl ?? '');
    await lock.run('begin');
    await lock.run('lock table tasks in exclusive mode');
    const post = async (title: string) => ({ title, ...(await user.post('/api/tasks', { title })) });
    const first = post('Is sent at once');
    await until('the only connection is in use', () => service().get('database').usage().used === 1);
    // When the first write is cancelled, one of the others gets the connection, just before or after its own timeout.
    const writes = await Promise.all([first, ...numbers(5).map((n) => post(`Waits ${n}`))]);
    for (const { status } of writes) expect(status).to.equal(504);
    const codes = writes.map((write) => problemOf(write).code);
    expect(codes[0]).to.equal('outcome_unknown');
    expect(codes).to.include('timeout');
    await until('no connection is in use', () => service().get('database').usage().used === 0);
    await lock.run('commit');
    const timedOut = writes.filter((_, n) => codes[n] === 'timeout').map(({ title }) => title);
    const titles = tasksOf(await user.get('/api/tasks')).map(({ title }) => title);
    expect(titles).to.include('Before');
    expect(titles.filter((title) => timedOut.includes(title))).to.deep.equal([]);
  });
});

describe('408 when the request takes too long to arrive', () => {
  const service = ownService({ environment: { REQUEST_TIMEOUT_MS: '300' } });

  it('given a body that is never completed: 408, and nothing is written', async () => {
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
