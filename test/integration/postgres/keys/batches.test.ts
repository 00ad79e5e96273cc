import { expect } from 'chai';
import type { Task } from '../../../../src/domain/task.ts';
import type { User } from '../../../../src/domain/user.ts';
import { postgresTaskRepository } from '../../../../src/infrastructure/postgres/tasks/task-repository.ts';
import { numbers } from '../../../support/in-batches.ts';
import { recording, type Recorded } from '../../../support/postgres/explain.ts';
import {
  postgresRepository,
  type PostgresRepository,
} from '../../../support/postgres/postgres-repository.ts';
import { aKeyedRequest, anOwner, aTask, fullFields, instant } from '../../../support/tasks/tasks.ts';

describe('concurrent keyed writes of several users', () => {
  let subject: PostgresRepository;
  let statements: Recorded[];
  let owners: readonly User[];
  let tasks: readonly Task[];
  before(async () => {
    subject = await postgresRepository();
    const recorded = recording(subject.database);
    subject = { ...subject, tasks: postgresTaskRepository(recorded.database) };
    statements = recorded.statements;
  });
  after(() => subject.close());
  beforeEach(async () => {
    owners = numbers(4).map(() => anOwner());
    tasks = await Promise.all(owners.map((owner) => subject.tasks.add(owner, aTask())));
    statements.length = 0;
  });

  it('given one write of each user: sends one statement, and their results are repeated', async () => {
    const requests = owners.map(() => aKeyedRequest());
    const add = () =>
      Promise.all(owners.map((owner, n) => subject.tasks.once(requests[n]!).add(owner, aTask(fullFields))));
    const added = await add();
    expect(statements).to.have.length(1);
    expect(added.map(({ task }) => [task.owner, task.revision])).to.deep.equal(
      owners.map(({ id }) => [id, 2]),
    );
    expect(await add()).to.deep.equal(added.map((one) => ({ ...one, isReplay: true })));

    const changes = owners.map(() => aKeyedRequest());
    statements.length = 0;
    const change = () =>
      Promise.all(
        owners.map((owner, n) =>
          subject.tasks.once(changes[n]!).change(owner, tasks[n]!.id, fullFields, instant(1)),
        ),
      );
    const changed = await change();
    expect(statements).to.have.length(1);
    expect(await change()).to.deep.equal(changed.map((one) => ({ ...one, isReplay: true })));
  });

  it('given a spent key among them: it is repeated alone, and the others are written together', async () => {
    const requests = owners.map(() => aKeyedRequest());
    const spent = await subject.tasks.once(requests[1]!).add(owners[1]!, aTask());
    statements.length = 0;
    const added = await Promise.all(
      owners.map((owner, n) => subject.tasks.once(requests[n]!).add(owner, aTask())),
    );
    expect(added[1]).to.deep.equal({ ...spent, isReplay: true });
    expect(added.map(({ task }) => task.revision)).to.deep.equal([2, 2, 2, 2]);
    expect(statements).to.have.length(2);
  });

  it('given missing tasks among them: missing, and their keys stay free', async () => {
    const requests = owners.map(() => aKeyedRequest());
    const results = await Promise.all(
      owners.map((owner, n) =>
        subject.tasks.once(requests[n]!).change(owner, tasks[n < 2 ? n : 0]!.id, {}, instant(1)),
      ),
    );
    expect(results.map(({ outcome }) => outcome)).to.deep.equal(['changed', 'changed', 'missing', 'missing']);
    const again = await subject.tasks.once(requests[2]!).add(owners[2]!, aTask());
    expect(again).not.to.have.property('isReplay');
  });
});
