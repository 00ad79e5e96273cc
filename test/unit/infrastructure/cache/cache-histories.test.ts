import { expect } from 'chai';
import fc from 'fast-check';
import { memoryTaskRepository } from '../../../../src/infrastructure/memory/task-repository.ts';
import type { TaskRepository } from '../../../../src/application/ports/task-repository.ts';
import { cachedOver } from '../../../support/tasks/cache.ts';
import { gatedRepository } from '../../../support/tasks/gated-repository.ts';
import { numbers } from '../../../support/in-batches.ts';
import { anOwner, aQuery, aTask, instant, taskId } from '../../../support/tasks/tasks.ts';

/** Histories of overlapping calls, whose ways to the store and back take as long as fast-check makes them take. */
describe('histories of calls that overlap', () => {
  it('never show a state older than one that was shown before (one cache)', () =>
    forAllHistories((store) => {
      const cache = cachedOver(store, { maxUsers: 1 });
      return [cache, cache];
    }));

  it('never show a state older than one that was shown before (two caches)', () =>
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
        const store = gatedRepository(memoryTaskRepository());
        store.every((method) => ({
          before: () => scheduler.schedule(Promise.resolve(), `${method} begins`),
          after: () => scheduler.schedule(Promise.resolve(), `${method} is answered`),
        }));
        const caches = cachesOver(store.tasks);
        /** The newest state that anybody has seen, in all and of each task. */
        const seen = { revision: 0, tasks: new Map<string, number>() };

        const saw = (revision: number, id?: string): void => {
          seen.revision = Math.max(seen.revision, revision);
          if (id !== undefined) seen.tasks.set(id, Math.max(seen.tasks.get(id) ?? 0, revision));
        };

        const play = async (
          step: (typeof steps)[number],
          cache: TaskRepository,
          n: number,
        ): Promise<void> => {
          const id = taskId(n);
          const [known, knownOfTask] = [seen.revision, seen.tasks.get(id) ?? 0];
          switch (step) {
            case 'add':
              await cache.add(owner, aTask({ id })).then(
                (task) => saw(task.revision, id),
                () => undefined, // it is there already
              );
              return;
            case 'change': {
              const changed = await cache.change(owner, id, { completed: 'toggle' }, instant(1));
              if (changed.outcome === 'changed') saw(changed.task.revision, id);
              return;
            }
            case 'remove':
              await cache.remove(owner, id);
              return;
            case 'list': {
              const page = await cache.list(owner.id, aQuery());
              expect(page.revision).to.be.at.least(known);
              saw(page.revision);
              for (const task of page.tasks) saw(task.revision, task.id);
              return;
            }
            case 'find': {
              const task = await cache.find(owner.id, id);
              if (task === null) return;
              expect(task.revision).to.be.at.least(knownOfTask);
              saw(task.revision, id);
            }
          }
        };

        const playing = history.map(async ([step, cache, n], index) => {
          await scheduler.schedule(Promise.resolve(), `step ${index}`);
          await play(step, caches[cache] ?? caches[0], n);
        });
        await scheduler.waitFor(Promise.all(playing));
        for (const n of numbers(3)) {
          expect(await settled(scheduler, caches[0].find(owner.id, taskId(n)))).to.deep.equal(
            await settled(scheduler, store.tasks.find(owner.id, taskId(n))),
          );
        }
      },
    ),
    { numRuns: 300 },
  );

const settled = <Value>(scheduler: fc.Scheduler, promise: Promise<Value>): Promise<Value> =>
  scheduler.waitFor(promise);
