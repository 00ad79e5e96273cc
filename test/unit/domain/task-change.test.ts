import { expect } from 'chai';
import { applyChange, defaultFields, priorities, restoredTask, type Task } from '../../../src/domain/task.ts';
import {
  anOwner,
  aTask,
  bareFields,
  fullFields,
  instant,
  otherFields,
  revision,
} from '../../support/tasks/tasks.ts';

describe('defaultFields', () => {
  it('given fields that a client does not name: no text, pending, medium, no due date, no tags', () => {
    expect(defaultFields).to.deep.equal({
      description: null,
      completed: false,
      priority: 'medium',
      dueDate: null,
      tags: [],
    });
  });

  it('given the tags of all new tasks: the list cannot be changed', () => {
    expect(Object.isFrozen(defaultFields.tags)).to.be.true;
  });
});

describe('priorities', () => {
  it('given all of them: from low to high', () => {
    expect(priorities).to.deep.equal(['low', 'medium', 'high']);
  });
});

describe('applyChange', () => {
  const task: Task = {
    ...aTask(fullFields),
    owner: anOwner().id,
    updatedAt: instant(5),
    revision: revision(1),
  };

  it('given an empty change: changes the time only', () => {
    expect(applyChange(task, {}, instant(6))).to.deep.equal({ ...task, updatedAt: instant(6) });
  });

  for (const fields of [otherFields, bareFields])
    it(`given ${JSON.stringify(fields)}: changes these fields and the time, and not its argument`, () => {
      const before = structuredClone(task);
      expect(applyChange(task, fields, instant(6))).to.deep.equal({
        ...task,
        ...fields,
        updatedAt: instant(6),
      });
      expect(task).to.deep.equal(before);
    });

  for (const completed of [false, true])
    it(`given that completed is ${completed}: a toggle inverts it, and a value sets it`, () => {
      const given = { ...task, completed };
      expect(applyChange(given, { completed: 'toggle' }, instant(6)).completed).to.equal(!completed);
      expect(applyChange(given, { completed: true }, instant(6)).completed).to.be.true;
      expect(applyChange(given, { completed: false }, instant(6)).completed).to.be.false;
      expect(applyChange(given, {}, instant(6)).completed).to.equal(completed);
    });

  for (const [what, at, updatedAt] of [
    ['before the last change', instant(4), instant(5)],
    ['of the last change', instant(5), instant(5)],
    ['after the last change', instant(6), instant(6)],
  ] as const)
    it(`given a time ${what}: updatedAt does not go back`, () => {
      expect(applyChange(task, {}, at).updatedAt).to.equal(updatedAt);
    });
});

describe('restoredTask', () => {
  const task: Task = {
    ...aTask(fullFields),
    owner: anOwner().id,
    updatedAt: instant(5),
    revision: revision(2),
  };

  it('given a task in the trash: as it was, changed at that time, without the time of its deletion', () => {
    const trashed = { ...task, deletedAt: instant(7) };
    expect(restoredTask(trashed, instant(9))).to.deep.equal({ ...task, updatedAt: instant(9) });
  });

  it('given a time before the last change: updatedAt stays', () => {
    expect(restoredTask({ ...task, deletedAt: instant(7) }, instant(4))).to.deep.equal(task);
  });
});
