import { expect } from 'chai';
import { anOwner, aQuery, aTask, instant, revision } from '../../support/tasks/tasks.ts';
import { useCases } from '../../support/tasks/use-cases.ts';

describe('listTasksForUser', () => {
  it('given tasks of two users: returns those of one user, newest first', async () => {
    const { create, list, clockAndIds } = useCases();
    const owner = anOwner();
    const older = await create(owner, aTask());
    await create(anOwner(), aTask());
    clockAndIds.time = instant(1);
    const newer = await create(owner, aTask());
    expect(await list(owner.id, aQuery())).to.deep.equal({
      tasks: [newer, older],
      next: null,
      total: null,
      revision: revision(2),
    });
  });

  it('given a filter, a limit and a cursor: passes them to the repository', async () => {
    const { create, list } = useCases();
    const owner = anOwner();
    const first = await create(owner, aTask({ completed: true }));
    const second = await create(owner, aTask({ completed: true }));
    await create(owner, aTask());
    const query = aQuery({ status: 'completed', limit: 1 });
    const page = await list(owner.id, query);
    expect(page.tasks).to.deep.equal([second]);
    expect((await list(owner.id, { ...query, after: page.next })).tasks).to.deep.equal([first]);
  });

  it('given a user without writes: returns an empty page at revision 0', async () => {
    const { list } = useCases();
    const nothing = { tasks: [], next: null, total: null, revision: revision(0) };
    expect(await list(anOwner().id, aQuery())).to.deep.equal(nothing);
  });
});
