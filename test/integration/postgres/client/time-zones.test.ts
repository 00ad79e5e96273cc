import { expect } from 'chai';
import { postgresTaskRepository } from '../../../../src/infrastructure/postgres/tasks/task-repository.ts';
import {
  openDatabase,
  postgresRepository,
  type PostgresRepository,
} from '../../../support/postgres/postgres-repository.ts';
import { connect, scalar } from '../../../support/postgres/sql.ts';
import { anOwner, aQuery, aTask, instant, oldest, placeOf, youngest } from '../../../support/tasks/tasks.ts';

describe('the time zone of the database', () => {
  let subject: PostgresRepository;
  before(async () => {
    subject = await postgresRepository();
  });
  after(() => subject.close());

  const moments = [oldest, ...[0, 1, 20, 300, 5, 60, 700, 123, 999].map(instant), youngest];
  const zones = [
    'UTC',
    'Europe/London',
    'Asia/Kathmandu',
    'America/St_Johns',
    'Pacific/Kiritimati',
    'Etc/GMT+12',
    'Africa/Monrovia',
  ];

  for (const zone of zones)
    it(`given ${zone}: timestamps are read and written in UTC`, async () => {
      const owner = anOwner();
      for (const createdAt of moments) await subject.tasks.add(owner, aTask({ createdAt }));
      const { tasks: written } = await subject.tasks.list(owner.id, aQuery());
      expect(written.map((task) => task.createdAt)).to.have.members(moments);

      await using session = await connect(subject.url);
      const name = new URL(subject.url).pathname.slice(1);
      await session.run(`alter database ${name} set timezone = '${zone}'`);
      await using fresh = await connect(subject.url);
      expect(await scalar(fresh, 'show timezone')).to.equal(zone);

      await using database = openDatabase(subject.url);
      const tasks = postgresTaskRepository(database);
      expect((await tasks.list(owner.id, aQuery())).tasks).to.deep.equal(written);
      for (const [n, task] of written.entries()) {
        const page = await tasks.list(owner.id, aQuery({ after: placeOf(task) }));
        expect(page.tasks).to.deep.equal(written.slice(n + 1));
      }
      const added = await tasks.add(owner, aTask({ createdAt: instant(456) }));
      expect(await tasks.find(owner.id, added.id)).to.deep.equal(added);
      expect(await subject.tasks.find(owner.id, added.id)).to.deep.equal(added);
    });
});
