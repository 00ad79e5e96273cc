import { expect } from 'chai';
import type { ContractTests } from '../task-repository.ts';
import type { Revision, TaskId } from '../../../src/domain/task.ts';
import { inBatches, numbers } from '../../support/in-batches.ts';
import { anOwner, aQuery, aTask, instant, newTaskId, revision } from '../../support/tasks/tasks.ts';

export const revisionTests: ContractTests = (tasks) => {
  it('given an add, a change of no field and a delete: each takes the next revision', async () => {
    const owner = anOwner();
    const counter = async () => (await tasks().list(owner.id, aQuery())).revision;
    const revisions: number[] = [await counter()];
    const task = await tasks().add(owner, aTask());
    revisions.push(task.revision, await counter());
    const changed = await tasks().change(owner, task.id, {}, instant(0));
    revisions.push(changed.outcome === 'changed' ? changed.task.revision : -1, await counter());
    await tasks().remove(owner, task.id, instant(1));
    revisions.push(await counter());
    revisions.push((await tasks().add(owner, aTask())).revision, await counter());
    expect(revisions).to.deep.equal([0, 1, 1, 2, 2, 3, 4, 4]);
  });

  it('given a refused write: takes no revision', async () => {
    const owner = anOwner();
    const task = await tasks().add(owner, aTask());
    for (const expected of [[], [revision(0)], [revision(2), revision(3)]]) {
      await tasks().change(owner, task.id, { completed: 'toggle' }, instant(1), expected);
      await tasks().remove(owner, task.id, instant(1), expected);
      await tasks().change(owner, newTaskId(), { completed: 'toggle' }, instant(1), expected);
      await tasks().remove(owner, newTaskId(), instant(1), expected);
    }
    await tasks().change(owner, newTaskId(), {}, instant(1));
    await tasks().remove(owner, newTaskId(), instant(1));
    const page = { tasks: [task], next: null, total: null, revision: revision(1) };
    expect(await tasks().list(owner.id, aQuery())).to.deep.equal(page);
  });

  it('given 100 concurrent adds: gives each a revision of its own, without gaps', async () => {
    const owner = anOwner();
    const added = await inBatches(20, numbers(100), () => tasks().add(owner, aTask()));
    expect(added.map((task) => task.revision).sort((a, b) => a - b)).to.deep.equal(
      numbers(100).map((n) => n + 1),
    );
  });

  it('given a finished write: the next reads of the writer return it', async () => {
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

  it('given a reader that has seen revision N: no task appears later with N or less', async () => {
    const owner = anOwner();
    let writing = true;
    const write = async (writer: number) => {
      const ownIds: TaskId[] = [];
      for (let n = 0; n < 40; n += 1) {
        const existing = ownIds.at(n % 3);
        if (n % 4 === 3 && existing !== undefined)
          await tasks().change(owner, existing, { completed: 'toggle' }, instant(n));
        else if (n % 7 === 6 && existing !== undefined) await tasks().remove(owner, existing, instant(1));
        else ownIds.push((await tasks().add(owner, aTask({ createdAt: instant(writer * n) }))).id);
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
    const lastRevisions = await Promise.all(readers);
    expect(lastRevisions[0]).to.equal(lastRevisions[1]).and.to.be.greaterThan(150);
    expect(polls).to.be.greaterThan(3);
  });

  it('given two pages with the same revision: they have the same tasks', async () => {
    const owner = anOwner();
    const pages = new Map<Revision, unknown>();
    let writing = true;
    const read = async () => {
      for (let last = false; !last;) {
        last = !writing;
        const { revision: at, tasks: found } = await tasks().list(owner.id, aQuery());
        if (pages.has(at)) expect(found).to.deep.equal(pages.get(at));
        pages.set(at, found);
      }
    };
    writing = false;
    await read();
    writing = true;
    const write = async () => {
      for (let n = 0; n < 15; n += 1) {
        const { id } = await tasks().add(owner, aTask());
        await tasks().change(owner, id, { completed: 'toggle' }, instant(n));
        if (n % 2 === 0) await tasks().remove(owner, id, instant(1));
      }
    };
    const readers = numbers(3).map(read);
    await Promise.all(numbers(3).map(write)).finally(() => (writing = false));
    await Promise.all(readers);
    expect(pages.size).to.be.greaterThan(1);
  });
};
