import { expect } from 'chai';
import fc from 'fast-check';
import { memoryTaskRepository } from '../../../../src/infrastructure/memory/task-repository.ts';
import type { TaskRepository } from '../../../../src/application/ports/task-repository.ts';
import { cachedOver } from '../../../support/tasks/cache.ts';
import { controlledRepository } from '../../../support/tasks/repositories/controlled-repository.ts';
import { numbers } from '../../../support/in-batches.ts';
import { anOwner, aQuery, aTask, instant, taskId } from '../../../support/tasks/tasks.ts';

/** Overlapping calls: fast-check chooses the order in which they reach the store and in which results come back. */
describe('a cached task repository with overlapping calls', () => {
  it('given one cache: returns no state older than one returned before', () =>
    forAllHistories((store) => {
      const cache = cachedOver(store, { maxUsers: 1 });
      return [cache, cache];
    }));

  it('given two caches over one store: return no state older than one returned before', () =>
    forAllHistories((store) => [cachedOver(store), cachedOver(store)]));
});

const steps = ['add', 'remove', 'change', 'list', 'list', 'find', 'find'] as const;

const forAllHistories = (
  cachesOver: (store: TaskRepository) => readonly [TaskRepository, TaskRepository],
): Promise<void> =>
  fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.tuple(fc.constantFrom(...steps), fc.nat(1), fc.nat(2)), { minLength: 4, maxLength: 24 }),
      async (scheduler, history) => {
        const owner = anOwner();
        const store = controlledRepository(memoryTaskRepository());
        store.every((method) => ({
          before: () => scheduler.schedule(Promise.resolve(), `${method} begins`),
          after: () => scheduler.schedule(Promise.resolve(), `${method} is answered`),
        }));
        const caches = cachesOver(store.tasks);
        /** The highest revisions that calls have returned: of all tasks, and of each task. */
        const seen = { revision: 0, tasks: new Map<string, number>() };

        const record = (revision: number, id?: string): void => {
          seen.revision = Math.max(seen.revision, revision);
          if (id !== undefined) seen.tasks.set(id, Math.max(seen.tasks.get(id) ?? 0, revision));
        };

        const perform = async (
          step: (typeof steps)[number],
          cache: TaskRepository,
          n: number,
        ): Promise<void> => {
          const id = taskId(n);
          const [known, knownOfTask] = [seen.revision, seen.tasks.get(id) ?? 0];
          switch (step) {
            case 'add':
              await cache.add(owner, aTask({ id })).then(
                (task) => record(task.revision, id),
                () => undefined, // the id exists already
              );
              return;
            case 'change': {
              const changed = await cache.change(owner, id, { completed: 'toggle' }, instant(1));
              if (changed.outcome === 'changed') record(changed.task.revision, id);
              return;
            }
            case 'remove':
              await cache.remove(owner, id, instant(1));
              return;
            case 'list': {
              const page = await cache.list(owner.id, aQuery());
              expect(page.revision).to.be.at.least(known);
              record(page.revision);
              for (const task of page.tasks) record(task.revision, task.id);
              return;
            }
            case 'find': {
              const task = await cache.find(owner.id, id);
              if (task === null) return;
              expect(task.revision).to.be.at.least(knownOfTask);
              record(task.revision, id);
            }
          }
        };

        const calls = history.map(async ([step, cache, n], index) => {
          await scheduler.schedule(Promise.resolve(), `step ${index}`);
          await perform(step, caches[cache] ?? caches[0], n);
        });
        await scheduler.waitFor(Promise.all(calls));
        for (const n of numbers(3)) {
          expect(await waitFor(scheduler, caches[0].find(owner.id, taskId(n)))).to.deep.equal(
            await waitFor(scheduler, store.tasks.find(owner.id, taskId(n))),
          );
        }
      },
    ),
    { numRuns: 300 },
  );

const waitFor = <Value>(scheduler: fc.Scheduler, promise: Promise<Value>): Promise<Value> =>
  scheduler.waitFor(promise);
