import { expect } from 'chai';
import { exportTasks } from '../../../src/application/export-tasks.ts';
import type { Change, ChangeFeed } from '../../../src/application/ports/change-feed.ts';
import { memoryTaskRepository } from '../../../src/infrastructure/memory/task-repository.ts';
import { rejection, rejectionCode } from '../../support/rejection.ts';
import { atTasks, atTrash, exportedStore } from '../../support/exports/exported-store.ts';
import { idsOf, readExport } from '../../support/exports/read-export.ts';
import { anOwner, aTask, instant, newTaskId, revision } from '../../support/tasks/tasks.ts';

describe('exportTasks', () => {
  it('given a user without tasks: empty pages of both sections', async () => {
    const { begin } = await exportedStore(0, 0);
    const sections: string[] = [];
    expect(await readExport(begin(), ({ section }) => Promise.resolve(sections.push(section)))).to.deep.equal(
      {
        tasks: [],
        trash: [],
      },
    );
    expect(new Set(sections)).to.deep.equal(new Set(['tasks', 'trash']));
  });

  it('given 241 tasks, completed ones too, and 241 deleted ones: all, in order, and none of another user', async () => {
    const { begin, kept, trashed, store, owner } = await exportedStore(241, 241);
    const other = anOwner();
    await store.add(other, aTask());
    const sizes: number[] = [];
    const { tasks, trash } = await readExport(begin(), (page) =>
      Promise.resolve(sizes.push(page.tasks.length)),
    );
    expect(idsOf(tasks)).to.deep.equal(kept);
    expect(idsOf(trash)).to.deep.equal(trashed);
    expect(Math.max(...sizes)).to.equal(100);
    expect([...tasks, ...trash].every((task) => task.owner === owner.id)).to.be.true;
  });

  it('given 150 tasks that are restored while tasks are read: each once, among the tasks', async () => {
    const { exportWhile, kept, trashed, restore } = await exportedStore(101, 241);
    const restored = trashed.slice(0, 150);
    const { tasks, trash } = await exportWhile(atTasks, async () => {
      for (const id of restored) await restore(id);
    });
    expect(idsOf(tasks)).to.have.members([...kept, ...restored]);
    expect(idsOf(trash)).to.deep.equal(trashed.slice(150));
  });

  it('given a task that is restored after it was read in the trash: in the trash', async () => {
    const { exportWhile, trashed, restore } = await exportedStore(1, 241);
    const { tasks, trash } = await exportWhile(atTrash, () => restore(trashed[0]!));
    expect(tasks).to.have.length(1);
    expect(idsOf(trash)).to.deep.equal(trashed);
  });

  it('given a task that is restored before it is read in the trash: revision_expired', async () => {
    const { exportWhile, trashed, restore } = await exportedStore(1, 241);
    const exported = exportWhile(atTrash, () => restore(trashed.at(-1)!));
    expect(await rejectionCode(exported)).to.equal('revision_expired');
  });

  it('given a task that is restored and deleted again before it is read in the trash: revision_expired', async () => {
    const { exportWhile, trashed, restore, remove } = await exportedStore(1, 241);
    const exported = exportWhile(atTrash, async () => {
      await restore(trashed.at(-1)!);
      await remove(trashed.at(-1)!);
    });
    expect(await rejectionCode(exported)).to.equal('revision_expired');
  });

  it('given tasks that are deleted before they are read: in the trash', async () => {
    const { exportWhile, kept, remove } = await exportedStore(241, 1);
    const { tasks, trash } = await exportWhile(atTasks, () => remove(kept.at(-1)!));
    expect(idsOf(tasks)).to.deep.equal(kept.slice(0, -1));
    expect(idsOf(trash)).to.include(kept.at(-1));
  });

  it('given a task that is deleted while tasks are read, and restored before it is read in the trash: revision_expired', async () => {
    const { begin, kept, remove, restore } = await exportedStore(241, 241);
    const lost = kept.at(-1)!;
    const more = kept.slice(100, 240); // deleted later, so that they are read earlier
    let step = 0;
    const exported = readExport(begin(), async (page) => {
      if (step === 0 && atTasks(page)) for (const id of [lost, ...more]) await remove(id);
      if (step === 1 && atTrash(page)) await restore(lost);
      step = atTrash(page) ? 2 : atTasks(page) ? 1 : step;
    });
    expect(await rejectionCode(exported)).to.equal('revision_expired');
  });

  it('given tasks that are purged before they are read in the trash: the others', async () => {
    const { exportWhile, trashed, purge } = await exportedStore(1, 241);
    const { trash } = await exportWhile(atTrash, () => purge(trashed.at(-1)!));
    expect(idsOf(trash)).to.deep.equal(trashed.slice(0, -1));
  });

  it('given a task that is deleted before it is read, and restored after the tasks: the last of the tasks', async () => {
    const { begin, kept, remove, restore } = await exportedStore(241, 1);
    const moved = kept.at(-1)!;
    let read = 0;
    const { tasks } = await readExport(begin(), async (page) => {
      if (!atTasks(page)) return;
      read += page.tasks.length;
      if (read === 100) await remove(moved);
      if (read === 240) await restore(moved);
    });
    expect(idsOf(tasks)).to.deep.equal(kept);
  });

  it('given a task that is sent and deleted, and restored before it is read in the trash: complete', async () => {
    const { begin, kept, remove, restore } = await exportedStore(241, 0);
    const sent = kept[0]!;
    const { tasks, trash } = await readExport(begin(), async (page, index) => {
      if (index === 1) for (const id of kept.slice(0, 150)) await remove(id); // it is the last in the trash
      if (atTrash(page)) await restore(sent);
    });
    expect(idsOf(tasks)).to.include(sent);
    expect(idsOf(trash)).not.to.include(sent);
    expect([...idsOf(tasks), ...idsOf(trash)]).to.include.members(kept);
  });

  it('given tasks that are added and changed meanwhile: none of them twice, the added one last', async () => {
    const { exportWhile, kept, store, owner } = await exportedStore(150, 1);
    const added = aTask({ createdAt: instant(9_999) });
    const { tasks } = await exportWhile(atTasks, async () => {
      for (const id of [kept[0]!, kept.at(-1)!]) await store.change(owner, id, {}, instant(9_999));
      await store.add(owner, added);
    });
    expect(idsOf(tasks)).to.deep.equal([...kept, added.id]);
  });

  it('given a task that is sent, deleted, and restored while changes are read: once', async () => {
    const { begin, kept, remove, restore } = await exportedStore(150, 0);
    const twice = kept[0]!;
    const { tasks } = await readExport(begin(), async (page, index) => {
      // The page after the ids in the trash is the first of tasks; the pages of changes follow behind the last.
      if (index === 1) for (const id of kept.slice(0, 120)) await remove(id);
      if (page.tasks.length === 0 && index > 2) await restore(twice);
    });
    expect(idsOf(tasks).filter((id) => id === twice)).to.have.length(1);
  });

  it('given a task that is added after every page of tasks: the export ends', async () => {
    const { begin, kept, store, owner } = await exportedStore(150, 1);
    const { tasks } = await readExport(begin(), async (page) => {
      if (atTasks(page)) await store.add(owner, aTask());
    });
    expect(tasks).to.have.length(kept.length + 2);
  });

  /** Exports from an empty store with this feed; returns the revisions after which it was read. */
  const readsOf = async (after: ChangeFeed['after']): Promise<readonly number[]> => {
    const reads: number[] = [];
    const store = memoryTaskRepository();
    const changes: ChangeFeed = {
      after: (user, since, limit) => {
        reads.push(since);
        return after(user, since, limit);
      },
    };
    await readExport(exportTasks({ tasks: store, trash: store.trash, changes })(anOwner().id));
    return reads;
  };

  const deleted = (at: number): Change => ({ id: newTaskId(), revision: revision(at), task: null });

  it('given a feed of several pages: each is read after the one before it, and the last pass after them', async () => {
    const changes = [3, 5, 8].map(deleted);
    const reads = await readsOf((_user, since) => {
      const found = changes.filter((change) => change.revision > since);
      const page = { changes: found.slice(0, 1), hasMore: found.length > 1 };
      return Promise.resolve({ ...page, revision: revision(9), completeFrom: revision(0) });
    });
    expect(reads).to.deep.equal([0, 3, 5, 0, 3, 5, 8]);
  });

  it('given a feed that has 100 more changes at each read: the export ends', async () => {
    const changes = [deleted(1)];
    const reads = await readsOf((_user, since, limit) => {
      if (changes.length > 2_000) throw new Error('never ends');
      for (let n = 0; n < 100; n += 1) changes.push(deleted(changes.length + 1));
      const found = changes.filter((change) => change.revision > since);
      const page = { changes: found.slice(0, limit), hasMore: found.length > limit };
      return Promise.resolve({ ...page, revision: revision(changes.length), completeFrom: revision(0) });
    });
    expect(reads).to.have.length.of.at.most(4);
  });

  it('given a reader that stops: no further page is read', async () => {
    const { begin, lists } = await exportedStore(101, 1);
    for await (const page of begin()) if (page.tasks.length > 0) break;
    expect(lists).to.deep.equal([1, 100]);
  });

  it('given a store that fails: its error', async () => {
    const error = new Error('broken');
    const store = memoryTaskRepository();
    const tasks = { list: () => Promise.reject(error) };
    const begin = exportTasks({ tasks, trash: store.trash, changes: store });
    expect(await rejection(readExport(begin(anOwner().id)))).to.equal(error);
  });
});
