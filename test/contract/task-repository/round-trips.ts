import { expect } from 'chai';
import type { ContractTests } from '../task-repository.ts';
import { rejection } from '../../support/rejection.ts';
import {
  anOwner,
  aQuery,
  aTask,
  description,
  instant,
  newTaskId,
  oldest,
  revision,
  title,
  youngest,
} from '../../support/tasks/tasks.ts';

export const roundTripTests: ContractTests = (tasks) => {
  it('given a new task: add, find and list return it with owner and revision', async () => {
    const owner = anOwner({ email: 'a@example.org', displayName: 'A' });
    const given = aTask({ description: description('two litres'), completed: true, createdAt: instant(1) });
    const { id, createdAt } = given;
    const stored = { ...given, id, owner: owner.id, createdAt, updatedAt: createdAt, revision: revision(1) };
    expect(await tasks().add(owner, given)).to.deep.equal(stored);
    expect(await tasks().find(owner.id, id)).to.deep.equal(stored);
    const page = { tasks: [stored], next: null, total: null, revision: revision(1) };
    expect(await tasks().list(owner.id, aQuery())).to.deep.equal(page);
  });

  it('given no description and an empty one: stores null and an empty text', async () => {
    const owner = anOwner();
    const none = await tasks().add(owner, aTask({ description: null }));
    const empty = await tasks().add(owner, aTask({ description: description('') }));
    expect((await tasks().find(owner.id, none.id))?.description).to.be.null;
    expect((await tasks().find(owner.id, empty.id))?.description).to.equal('');
  });

  it('given the longest title and description: stores both', async () => {
    const owner = anOwner();
    const longest = { title: title('😀'.repeat(200)), description: description('😀'.repeat(1000)) };
    const task = await tasks().add(owner, aTask(longest));
    expect(await tasks().find(owner.id, task.id)).to.include(longest);
  });

  for (const milliseconds of [0, 1, 10, 100, 120, 123, 999])
    it(`given a creation time with ${milliseconds} ms: stores it to the millisecond`, async () => {
      const owner = anOwner();
      const task = await tasks().add(owner, aTask({ createdAt: instant(milliseconds) }));
      expect(await tasks().find(owner.id, task.id)).to.deep.equal(task);
      expect((await tasks().list(owner.id, aQuery())).tasks).to.deep.equal([task]);
    });

  it('given the earliest and the latest time: stores both, and lists the latest first', async () => {
    const owner = anOwner();
    const first = await tasks().add(owner, aTask({ createdAt: oldest }));
    const last = await tasks().add(owner, aTask({ createdAt: youngest }));
    expect(await tasks().find(owner.id, first.id)).to.deep.equal(first);
    expect((await tasks().list(owner.id, aQuery())).tasks).to.deep.equal([last, first]);
  });

  it('given an id that was never added: find returns null', async () => {
    const owner = anOwner();
    expect(await tasks().find(owner.id, newTaskId())).to.be.null;
    await tasks().add(owner, aTask());
    expect(await tasks().find(owner.id, newTaskId())).to.be.null;
  });

  it('given a removed task: it is not found, not listed, and missing for further writes', async () => {
    const owner = anOwner();
    const task = await tasks().add(owner, aTask());
    const other = await tasks().add(owner, aTask());
    expect(await tasks().remove(owner, task.id, instant(1))).to.deep.equal({ outcome: 'removed' });
    expect(await tasks().find(owner.id, task.id)).to.be.null;
    expect((await tasks().list(owner.id, aQuery())).tasks).to.deep.equal([other]);
    expect(await tasks().remove(owner, task.id, instant(1))).to.deep.equal({ outcome: 'missing' });
    expect(await tasks().change(owner, task.id, {}, instant(1))).to.deep.equal({ outcome: 'missing' });
  });

  it('given an id that the user already has: rejects, and writes nothing', async () => {
    const owner = anOwner();
    const task = await tasks().add(owner, aTask());
    await rejection(tasks().add(owner, aTask({ id: task.id, title: title('Another') })));
    const page = { tasks: [task], next: null, total: null, revision: revision(1) };
    expect(await tasks().list(owner.id, aQuery())).to.deep.equal(page);
  });
};
