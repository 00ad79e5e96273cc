import { expect } from 'chai';
import { anOwner, aQuery, fullFields, instant, revision } from '../../support/tasks/tasks.ts';
import { useCases } from '../../support/tasks/use-cases.ts';

describe('createTask', () => {
  const draft = fullFields;

  it('given a draft: returns the task with a new id, both timestamps, the owner and the first revision', async () => {
    const { create, clockAndIds } = useCases();
    clockAndIds.time = instant(1234);
    const owner = anOwner();
    expect(await create(owner, draft)).to.deep.equal({
      ...draft,
      id: clockAndIds.lastId(),
      owner: owner.id,
      createdAt: instant(1234),
      updatedAt: instant(1234),
      revision: revision(1),
    });
  });

  it('given a draft: stores the task', async () => {
    const { create, get } = useCases();
    const owner = anOwner();
    const task = await create(owner, draft);
    expect(await get(owner.id, task.id)).to.deep.equal(task);
  });

  it('given a draft with an id, owner, timestamps and a revision: ignores them', async () => {
    const { create, clockAndIds } = useCases();
    const owner = anOwner();
    const forged = {
      ...draft,
      id: 'mine',
      owner: 'someone',
      createdAt: 'then',
      updatedAt: 'then',
      revision: 99,
    };
    expect(await create(owner, forged)).to.include({
      id: clockAndIds.lastId(),
      owner: owner.id,
      createdAt: instant(0),
      updatedAt: instant(0),
      revision: 1,
    });
  });

  it('given the same draft twice: creates two tasks', async () => {
    const { create, list } = useCases();
    const owner = anOwner();
    const first = await create(owner, draft);
    const second = await create(owner, draft);
    expect((await list(owner.id, aQuery())).tasks).to.deep.equal([second, first]);
  });
});
