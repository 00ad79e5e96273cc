import { expect } from 'chai';
import type { ContractTests } from '../task-repository.ts';
import type { ChangeResult } from '../../../src/application/ports/task-repository.ts';
import { numbers } from '../../support/in-batches.ts';
import { anOwner, aQuery, aTask, instant, revision, title } from '../../support/tasks/tasks.ts';

export const concurrencyTests: ContractTests = (tasks) => {
  const fiveTimes = async (round: () => Promise<void>) => {
    for (let n = 0; n < 5; n += 1) await round();
  };

  it('given 20 concurrent deletes: one removes the task, the others return missing', async () => {
    for (const expected of [undefined, [revision(1)], [revision(1), revision(2)]]) {
      const owner = anOwner();
      const { id } = await tasks().add(owner, aTask());
      const results = await Promise.all(
        numbers(20).map(() => tasks().remove(owner, id, instant(1), expected)),
      );
      expect(countOutcomes(results)).to.deep.equal({ missing: 19, removed: 1 });
      expect(await tasks().find(owner.id, id)).to.be.null;
    }
  });

  it('given concurrent changes that expect the same revision: one succeeds, the others return mismatch', async () => {
    await fiveTimes(async () => {
      const owner = anOwner();
      const { id, revision: expected } = await tasks().add(owner, aTask());
      const results = await Promise.all(
        numbers(12).map((n) =>
          tasks().change(owner, id, { title: title(`by ${n}`) }, instant(n), [expected]),
        ),
      );
      expect(countOutcomes(results)).to.deep.equal({ changed: 1, mismatch: 11 });
      const winner = results.find((result) => result.outcome === 'changed');
      expect(await tasks().find(owner.id, id)).to.deep.equal(winner?.task);
      for (const result of results)
        if (result.outcome === 'mismatch') expect(result.current).to.deep.equal(winner?.task);
    });
  });

  it('given concurrent changes and deletes that expect the same revision: one of them succeeds', async () => {
    await fiveTimes(async () => {
      const owner = anOwner();
      const { id, revision: expected } = await tasks().add(owner, aTask());
      const results = await Promise.all(
        numbers(12).map((n) =>
          n % 2 === 0
            ? tasks().change(owner, id, { completed: 'toggle' }, instant(n), [expected])
            : tasks().remove(owner, id, instant(1), [expected]),
        ),
      );
      const isRemoved = (await tasks().find(owner.id, id)) === null;
      expect(countOutcomes(results)).to.deep.equal(
        isRemoved ? { missing: 11, removed: 1 } : { changed: 1, mismatch: 11 },
      );
    });
  });

  it('given 20 concurrent toggles: applies each once, so that completed is false again', async () => {
    const owner = anOwner();
    const { id } = await tasks().add(owner, aTask());
    const results = await Promise.all(
      numbers(20).map((n) => tasks().change(owner, id, { completed: 'toggle' }, instant(n))),
    );
    const changed = changedTasks(results).sort((a, b) => a.revision - b.revision);
    expect(changed.map((task) => task.revision)).to.deep.equal(numbers(20).map((n) => n + 2));
    expect(changed.map((task) => task.completed)).to.deep.equal(numbers(20).map((n) => n % 2 === 0));
    const last = { completed: false, revision: 21, updatedAt: instant(19) };
    expect(await tasks().find(owner.id, id)).to.include(last);
  });

  it('given concurrent changes of different fields: applies all of them', async () => {
    await fiveTimes(async () => {
      const owner = anOwner();
      const { id } = await tasks().add(owner, aTask());
      const results = await Promise.all([
        tasks().change(owner, id, { title: title('New') }, instant(1)),
        tasks().change(owner, id, { completed: true }, instant(3)),
        tasks().change(owner, id, { description: null }, instant(2)),
      ]);
      expect(countOutcomes(results)).to.deep.equal({ changed: 3 });
      const all = { title: 'New', completed: true, updatedAt: instant(3), revision: 4 };
      expect(await tasks().find(owner.id, id)).to.include(all);
    });
  });

  it('given concurrent changes and a delete: removes the task', async () => {
    await fiveTimes(async () => {
      const owner = anOwner();
      const { id } = await tasks().add(owner, aTask());
      const [removed, ...changed] = await Promise.all([
        tasks().remove(owner, id, instant(1)),
        ...numbers(8).map((n) => tasks().change(owner, id, { completed: 'toggle' }, instant(n))),
      ]);
      expect(removed.outcome).to.equal('removed');
      expect(changed.filter(({ outcome }) => outcome === 'mismatch')).to.be.empty;
      const revisions = changedTasks(changed).map((task) => task.revision);
      expect(new Set(revisions).size).to.equal(revisions.length);
      expect((await tasks().list(owner.id, aQuery())).tasks).to.be.empty;
    });
  });

  it('given 10 concurrent first tasks of a new user: adds all of them', async () => {
    await fiveTimes(async () => {
      const owner = anOwner();
      const added = await Promise.all(numbers(10).map(() => tasks().add(owner, aTask())));
      const page = await tasks().list(owner.id, aQuery());
      expect(page.revision).to.equal(10);
      expect(page.tasks).to.have.deep.members(added);
    });
  });

  it('given concurrent changes by two users: each takes their own next revision', async () => {
    const given = aTask();
    const owners = [anOwner(), anOwner()];
    await Promise.all(
      owners.map(async (owner) => {
        await tasks().add(owner, given);
        for (const n of numbers(20)) {
          const expected = [revision(n + 1)];
          const result = await tasks().change(owner, given.id, { completed: 'toggle' }, instant(n), expected);
          expect(result).to.have.nested.include({ outcome: 'changed', 'task.revision': n + 2 });
        }
      }),
    );
    for (const owner of owners) expect((await tasks().list(owner.id, aQuery())).revision).to.equal(21);
  });
};

const countOutcomes = (results: readonly { readonly outcome: string }[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { outcome } of results) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
};

const changedTasks = (results: readonly ChangeResult[]) =>
  results.flatMap((result) => (result.outcome === 'changed' ? [result.task] : []));
