import { expect } from 'chai';
import type { Chapter } from '../task-repository.ts';
import { anOwner, aQuery, aTask, description, instant, revision, title } from '../../support/tasks/tasks.ts';

export const keepsAliasesOut: Chapter = (tasks) => {
  it('takes an added task as it was at the call', async () => {
    const owner = anOwner();
    const given = aTask({ description: description('as given') });
    const asGiven = { ...given };
    const { id } = given;
    const adding = tasks().add(owner, given);
    spoil(given);
    const added = await adding;
    expect(added).to.include({ ...asGiven, updatedAt: asGiven.createdAt });
    spoil(given);
    expect(await tasks().find(owner.id, id)).to.deep.equal(added);
  });

  it('takes an owner as it was at the call', async () => {
    const owner = anOwner();
    const { id } = owner;
    const adding = tasks().add(owner, aTask());
    spoil(owner);
    const task = await adding;
    expect(task.owner).to.equal(id);
    const again = anOwner({ id });
    const changing = tasks().change(again, task.id, {}, instant(1));
    spoil(again);
    const changed = await changing;
    expect(changed.outcome === 'changed' && changed.task.owner).to.equal(id);
  });

  it('takes a change and what is expected as they were at the call', async () => {
    const owner = anOwner();
    const task = await tasks().add(owner, aTask());
    const change = { title: title('New'), description: description('new'), completed: true };
    const asGiven = { ...change };
    const expected = [task.revision];
    const changing = tasks().change(owner, task.id, change, instant(1), expected);
    spoil(change);
    spoil(expected);
    expect((await changing).outcome).to.equal('changed');
    expect(await tasks().find(owner.id, task.id)).to.include(asGiven);
  });

  it('takes a query as it was at the call', async () => {
    const owner = anOwner();
    for (let n = 0; n < 4; n += 1) await tasks().add(owner, aTask({ completed: n === 0 }));
    const query = aQuery({ status: 'pending', limit: 1 });
    const after = (await tasks().list(owner.id, query)).next;
    const expected = await tasks().list(owner.id, { ...query, after });
    const spoilt = { ...query, after: after && { ...after } };
    const listing = tasks().list(owner.id, spoilt);
    spoil(spoilt.after ?? {});
    spoil(spoilt);
    expect(await listing).to.deep.equal(expected);
  });

  it('is not changed by changes of what it gave out', async () => {
    const owner = anOwner();
    const added = await tasks().add(owner, aTask());
    const other = await tasks().add(owner, aTask());
    const [task, bystander] = [{ ...added }, { ...other }];
    const page = {
      tasks: [bystander],
      next: { createdAt: other.createdAt, id: other.id },
      revision: revision(2),
    };
    const limit = 1;
    const read = async () => {
      expect(await tasks().find(owner.id, task.id)).to.deep.equal(task);
      expect(await tasks().list(owner.id, aQuery({ limit }))).to.deep.equal(page);
    };
    spoil(added);
    await read();
    spoil((await tasks().find(owner.id, task.id)) ?? {});
    await read();
    const listed = await tasks().list(owner.id, aQuery({ limit }));
    for (const one of listed.tasks) spoil(one);
    spoil(listed.tasks);
    spoil(listed.next ?? {});
    spoil(listed);
    await read();
    const changed = await tasks().change(owner, task.id, {}, instant(1));
    const after = { ...task, updatedAt: instant(1), revision: revision(3) };
    if (changed.outcome === 'changed') spoil(changed.task);
    expect(await tasks().find(owner.id, task.id)).to.deep.equal(after);
  });
};

/** Overwrites every member that can be overwritten; what is frozen stays as it is. */
const spoil = (target: object): void => {
  for (const key of Object.keys(target)) Reflect.set(target, key, 'spoilt');
  if (Array.isArray(target)) Reflect.set(target, 'length', 0);
};
