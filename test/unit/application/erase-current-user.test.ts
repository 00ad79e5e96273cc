import { expect } from 'chai';
import { eraseCurrentUser } from '../../../src/application/erase-current-user.ts';
import { memoryTaskRepository } from '../../../src/infrastructure/memory/task-repository.ts';
import { anOwner, aQuery, aTask } from '../../support/tasks/tasks.ts';

describe('eraseCurrentUser', () => {
  it('given a user with tasks: they are gone, and those of another user are not', async () => {
    const store = memoryTaskRepository();
    const [user, other] = [anOwner(), anOwner()];
    await store.add(user, aTask());
    const kept = await store.add(other, aTask());
    await eraseCurrentUser({ users: store })(user.id);
    expect((await store.list(user.id, aQuery())).tasks).to.deep.equal([]);
    expect((await store.list(other.id, aQuery())).tasks).to.deep.equal([kept]);
  });
});
