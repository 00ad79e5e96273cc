import { expect } from 'chai';
import type { ContractTests } from '../task-repository.ts';
import type { TaskChange } from '../../../src/domain/task.ts';
import {
  anOwner,
  aTask,
  description,
  instant,
  newTaskId,
  revision,
  title,
} from '../../support/tasks/tasks.ts';

export const changeTests: ContractTests = (tasks) => {
  const full = { title: title('Old'), description: description('old'), completed: true };
  const bare = { title: title('Old'), description: null, completed: false };

  const members: readonly (readonly [what: string, change: TaskChange, changed: object])[] = [
    ['no field', {}, {}],
    ['the title', { title: title('New') }, { title: 'New' }],
    ['the description', { description: description('new') }, { description: 'new' }],
    ['the description to an empty text', { description: description('') }, { description: '' }],
    ['the description to null', { description: null }, { description: null }],
    ['completed to true', { completed: true }, { completed: true }],
    ['completed to false', { completed: false }, { completed: false }],
    [
      'all fields',
      { title: title('New'), description: description('new'), completed: false },
      { title: 'New', description: 'new', completed: false },
    ],
  ];
  for (const [what, change, changed] of members)
    it(`given a change of ${what}: changes this, updatedAt and the revision only`, async () => {
      for (const before of [full, bare]) {
        const owner = anOwner();
        const task = await tasks().add(owner, aTask(before));
        const after = { ...task, ...changed, updatedAt: instant(1), revision: revision(2) };
        const result = await tasks().change(owner, task.id, change, instant(1));
        expect(result).to.deep.equal({ outcome: 'changed', task: after });
        expect(await tasks().find(owner.id, task.id)).to.deep.equal(after);
      }
    });

  it('given a toggle of completed together with a title: applies both each time', async () => {
    const owner = anOwner();
    const task = await tasks().add(owner, aTask(bare));
    const change = { completed: 'toggle', title: title('New') } as const;
    for (const [n, completed] of [true, false, true].entries()) {
      const result = await tasks().change(owner, task.id, change, instant(n));
      expect(result.outcome === 'changed' && result.task).to.include({ completed, title: 'New' });
      expect(await tasks().find(owner.id, task.id)).to.include({ completed, title: 'New' });
    }
  });

  it('given three tasks and a change of one: leaves the other two unchanged', async () => {
    const owner = anOwner();
    const before = await tasks().add(owner, aTask());
    const task = await tasks().add(owner, aTask());
    const after = await tasks().add(owner, aTask());
    await tasks().change(owner, task.id, { title: title('New'), completed: 'toggle' }, instant(1));
    expect(await tasks().find(owner.id, before.id)).to.deep.equal(before);
    expect(await tasks().find(owner.id, after.id)).to.deep.equal(after);
  });

  it('given a change at an earlier time than updatedAt: keeps updatedAt', async () => {
    const owner = anOwner();
    const task = await tasks().add(owner, aTask({ createdAt: instant(10) }));
    for (const [at, updatedAt] of [
      [9, 10],
      [10, 10],
      [12, 12],
      [11, 12],
      [13, 13],
    ] as const) {
      await tasks().change(owner, task.id, { completed: 'toggle' }, instant(at));
      const times = { createdAt: instant(10), updatedAt: instant(updatedAt) };
      expect(await tasks().find(owner.id, task.id)).to.include(times);
    }
  });

  it('given no expected revisions: changes and removes the task at any revision', async () => {
    const owner = anOwner();
    const task = await tasks().add(owner, aTask());
    expect((await tasks().change(owner, task.id, {}, instant(1), undefined)).outcome).to.equal('changed');
    expect((await tasks().remove(owner, task.id, instant(1), undefined)).outcome).to.equal('removed');
  });

  it('given expected revisions with the current one: changes and removes the task', async () => {
    const owner = anOwner();
    const { id } = await tasks().add(owner, aTask());
    const [one, two, three] = [revision(1), revision(2), revision(3)];
    expect((await tasks().change(owner, id, {}, instant(1), [one])).outcome).to.equal('changed');
    expect((await tasks().change(owner, id, {}, instant(1), [one, two])).outcome).to.equal('changed');
    expect((await tasks().remove(owner, id, instant(1), [three, two, one])).outcome).to.equal('removed');
  });

  it('given expected revisions without the current one: returns mismatch with the task, and writes nothing', async () => {
    const owner = anOwner();
    await tasks().add(owner, aTask());
    const task = await tasks().add(owner, aTask());
    for (const expected of [[], [revision(1)], [revision(3)], [revision(0), revision(20), revision(22)]]) {
      const change = { title: title('New'), description: null, completed: 'toggle' } as const;
      const result = await tasks().change(owner, task.id, change, instant(1), expected);
      const mismatch = { outcome: 'mismatch', current: task };
      expect(result).to.deep.equal(mismatch);
      expect(await tasks().remove(owner, task.id, instant(1), expected)).to.deep.equal(mismatch);
    }
    expect(await tasks().find(owner.id, task.id)).to.deep.equal(task);
  });

  it('given an unknown id: returns missing, whatever revisions are expected', async () => {
    const owner = anOwner();
    await tasks().add(owner, aTask());
    for (const expected of [undefined, [], [revision(0)], [revision(1)]]) {
      const id = newTaskId();
      expect(await tasks().change(owner, id, {}, instant(1), expected)).to.deep.equal({ outcome: 'missing' });
      expect(await tasks().remove(owner, id, instant(1), expected)).to.deep.equal({ outcome: 'missing' });
    }
  });
};
