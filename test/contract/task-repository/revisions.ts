import { expect } from 'chai';
import type { Chapter } from '../task-repository.ts';
import type { Revision, TaskId } from '../../../src/domain/task.ts';
import { inBatches, numbers } from '../../support/in-batches.ts';
import { anOwner, aQuery, aTask, instant, newTaskId, revision } from '../../support/tasks/tasks.ts';

export const countsRevisions: Chapter = (tasks) => {
  it('takes one for every write, a delete and a change of nothing included', async () => {
    const owner = anOwner();
    const taken = async () => (await tasks().list(owner.id, aQuery())).revision;
    const revisions: number[] = [await taken()];
    const task = await tasks().add(owner, aTask());
    revisions.push(task.revision, await taken());
    const changed = await tasks().change(owner, task.id, {}, instant(0));
    revisions.push(changed.outcome === 'changed' ? changed.task.revision : -1, await taken());
    await tasks().remove(owner, task.id);
    revisions.push(await taken());
    revisions.push((await tasks().add(owner, aTask())).revision, await taken());
    expect(revisions).to.deep.equal([0, 1, 1, 2, 2, 3, 4, 4]);
  });

  it('takes none for a write that is refused', async () => {
    const owner = anOwner();
    const task = await tasks().add(owner, aTask());
    for (const expected of [[], [revision(0)], [revision(2), revision(3)]]) {
      await tasks().change(owner, task.id, { completed: 'toggle' }, instant(1), expected);
      await tasks().remove(owner, task.id, expected);
      await tasks().change(owner, newTaskId(), { completed: 'toggle' }, instant(1), expected);
      await tasks().remove(owner, newTaskId(), expected);
    }
    await tasks().change(owner, newTaskId(), {}, instant(1));
    await tasks().remove(owner, newTaskId());
    const page = { tasks: [task], next: null, revision: revision(1) };
    expect(await tasks().list(owner.id, aQuery())).to.deep.equal(page);
  });

  it('never gives one twice, however many write', async () => {
    const owner = anOwner();
    const added = await inBatches(20, numbers(100), () => tasks().add(owner, aTask()));
    expect(added.map((task) => task.revision).sort((a, b) => a - b)).to.deep.equal(
      numbers(100).map((n) => n + 1),
    );
  });

  it('shows a writer their own write in whatever they read next', async () => {
    const owner = anOwner();
    const write = async () => {
      for (let n = 0; n < 10; n += 1) {
        const task = await tasks().add(owner, aTask());
        const page = await tasks().list(owner.id, aQuery());
        expect(page.revision).to.be.at.least(task.revision);
        expect(page.tasks.find(({ id }) => id === task.id)).to.deep.equal(task);
        expect(await tasks().find(owner.id, task.id)).to.deep.equal(task);
      }
    };
    await Promise.all(numbers(5).map(write));
  });

  it('never shows a task turn up with a revision that a reader has already seen passed', async () => {
    const owner = anOwner();
    let writing = true;
    const write = async (writer: number) => {
      const mine: TaskId[] = [];
      for (let n = 0; n < 40; n += 1) {
        const kept = mine.at(n % 3);
        if (n % 4 === 3 && kept !== undefined)
          await tasks().change(owner, kept, { completed: 'toggle' }, instant(n));
        else if (n % 7 === 6 && kept !== undefined) await tasks().remove(owner, kept);
        else mine.push((await tasks().add(owner, aTask({ createdAt: instant(writer * n) }))).id);
      }
    };
    let polls = 0;
    const read = async () => {
      const seen = new Set<Revision>();
      let highest = revision(0);
      for (let last = false; !last; polls += 1) {
        last = !writing;
        const page = await tasks().list(owner.id, aQuery());
        expect(page.revision).to.be.at.least(highest);
        for (const task of page.tasks) {
          expect(task.revision).to.be.at.most(page.revision);
          if (!seen.has(task.revision)) expect(task.revision).to.be.greaterThan(highest);
          seen.add(task.revision);
        }
        highest = page.revision;
      }
      return highest;
    };
    const readers = [read(), read()];
    await Promise.all(numbers(6).map(write)).finally(() => (writing = false));
    const ends = await Promise.all(readers);
    expect(ends[0]).to.equal(ends[1]).and.to.be.greaterThan(150);
    expect(polls).to.be.greaterThan(3);
  });

  it('means the same tasks by the same revision', async () => {
    const owner = anOwner();
    const pages = new Map<Revision, unknown>();
    let writing = true;
    const read = async () => {
      while (writing) {
        const { revision: at, tasks: found } = await tasks().list(owner.id, aQuery());
        if (pages.has(at)) expect(found).to.deep.equal(pages.get(at));
        pages.set(at, found);
      }
    };
    const write = async () => {
      for (let n = 0; n < 15; n += 1) {
        const { id } = await tasks().add(owner, aTask());
        await tasks().change(owner, id, { completed: 'toggle' }, instant(n));
        if (n % 2 === 0) await tasks().remove(owner, id);
      }
    };
    const readers = numbers(3).map(read);
    await Promise.all(numbers(3).map(write)).finally(() => (writing = false));
    await Promise.all(readers);
    expect(pages.size).to.be.greaterThan(1);
  });
};
