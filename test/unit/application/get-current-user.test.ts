import { expect } from 'chai';
import { anOwner, aTask, instant } from '../../support/tasks/tasks.ts';
import { useCases } from '../../support/tasks/use-cases.ts';

describe('getCurrentUser', () => {
  it('given a user without writes: no tasks, and the profile of the token', async () => {
    const user = anOwner({ email: 'ada@example.com', displayName: 'Ada' });
    expect(await useCases().currentUser(user)).to.deep.equal({
      ...user,
      createdAt: null,
      pending: 0,
      completed: 0,
      revision: 0,
    });
  });

  it('given a user with tasks: counts their tasks, and no others', async () => {
    const { create, complete, currentUser, clockAndIds } = useCases();
    const user = anOwner();
    clockAndIds.time = instant(3);
    const task = await create(user, aTask());
    await create(user, aTask());
    await create(user, aTask());
    await complete(user, task.id, true);
    await create(anOwner(), aTask());
    expect(await currentUser(user)).to.deep.equal({
      ...user,
      createdAt: instant(3),
      pending: 2,
      completed: 1,
      revision: 4,
    });
  });

  it('given a stored profile: the token comes first, and what it lacks is the stored one', async () => {
    const { create, currentUser } = useCases();
    const stored = anOwner({ email: 'ada@example.com', displayName: 'Ada' });
    await create(stored, aTask());
    const token = { id: stored.id, email: null, displayName: null };
    expect(await currentUser(token)).to.deep.include(stored);
    expect(await currentUser({ ...token, email: 'new@example.com' })).to.deep.include({
      ...stored,
      email: 'new@example.com',
    });
    expect(await currentUser({ ...token, displayName: 'New' })).to.deep.include({
      ...stored,
      displayName: 'New',
    });
  });
});
