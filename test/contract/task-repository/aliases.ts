import { expect } from 'chai';
import type { ContractTests } from '../task-repository.ts';
import {
  anOwner,
  aQuery,
  aTask,
  description,
  instant,
  placeOf,
  revision,
  title,
} from '../../support/tasks/tasks.ts';

export const copyTests: ContractTests = (tasks) => {
  it('given a task that is overwritten after the call of add: stores it as it was at the call', async () => {
    const owner = anOwner();
    const given = aTask({ description: description('as given') });
    const copy = { ...given };
    const { id } = given;
    const adding = tasks().add(owner, given);
    overwrite(given);
    const added = await adding;
    expect(added).to.include({ ...copy, updatedAt: copy.createdAt });
    overwrite(given);
    expect(await tasks().find(owner.id, id)).to.deep.equal(added);
  });

  it('given a user that is overwritten after the call: uses the id as it was at the call', async () => {
    const owner = anOwner();
    const { id } = owner;
    const adding = tasks().add(owner, aTask());
    overwrite(owner);
    const task = await adding;
    expect(task.owner).to.equal(id);
    const again = anOwner({ id });
    const changing = tasks().change(again, task.id, {}, instant(1));
    overwrite(again);
    const changed = await changing;
    expect(changed.outcome === 'changed' && changed.task.owner).to.equal(id);
  });

  it('given a change and revisions that are overwritten after the call: uses both as they were at the call', async () => {
    const owner = anOwner();
    const task = await tasks().add(owner, aTask());
    const change = { title: title('New'), description: description('new'), completed: true };
    const copy = { ...change };
    const expected = [task.revision];
    const changing = tasks().change(owner, task.id, change, instant(1), expected);
    overwrite(change);
    overwrite(expected);
    expect((await changing).outcome).to.equal('changed');
    expect(await tasks().find(owner.id, task.id)).to.include(copy);
  });

  it('given a query that is overwritten after the call: lists by the query as it was at the call', async () => {
    const owner = anOwner();
    for (let n = 0; n < 4; n += 1) await tasks().add(owner, aTask({ completed: n === 0 }));
    const query = aQuery({ status: 'pending', limit: 1 });
    const after = (await tasks().list(owner.id, query)).next;
    const expected = await tasks().list(owner.id, { ...query, after });
    const overwritten = { ...query, after: after && { ...after } };
    const listing = tasks().list(owner.id, overwritten);
    overwrite(overwritten.after ?? {});
    overwrite(overwritten);
    expect(await listing).to.deep.equal(expected);
  });

  it('given results that are overwritten by the caller: stored tasks stay as they are', async () => {
    const owner = anOwner();
    const added = await tasks().add(owner, aTask());
    const other = await tasks().add(owner, aTask());
    const [task, otherTask] = [{ ...added }, { ...other }];
    const page = {
      tasks: [otherTask],
      next: placeOf(other),
      total: null,
      revision: revision(2),
    };
    const limit = 1;
    const expectUnchanged = async () => {
      expect(await tasks().find(owner.id, task.id)).to.deep.equal(task);
      expect(await tasks().list(owner.id, aQuery({ limit }))).to.deep.equal(page);
    };
    overwrite(added);
    await expectUnchanged();
    overwrite((await tasks().find(owner.id, task.id)) ?? {});
    await expectUnchanged();
    const listed = await tasks().list(owner.id, aQuery({ limit }));
    for (const listedTask of listed.tasks) overwrite(listedTask);
    overwrite(listed.tasks);
    overwrite(listed.next ?? {});
    overwrite(listed);
    await expectUnchanged();
    const changed = await tasks().change(owner, task.id, {}, instant(1));
    const after = { ...task, updatedAt: instant(1), revision: revision(3) };
    if (changed.outcome === 'changed') overwrite(changed.task);
    expect(await tasks().find(owner.id, task.id)).to.deep.equal(after);
  });
};

/** Overwrites all members; frozen ones stay as they are. */
const overwrite = (target: object): void => {
  for (const key of Object.keys(target)) Reflect.set(target, key, 'spoilt');
  if (Array.isArray(target)) Reflect.set(target, 'length', 0);
};
