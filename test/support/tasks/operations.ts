import fc from 'fast-check';
import type {
  ExpectedRevisions,
  TaskPage,
  TaskQuery,
  TaskRepository,
} from '../../../src/application/ports/task-repository.ts';
import type { Trash } from '../../../src/application/ports/trash.ts';
import type { User } from '../../../src/domain/user.ts';
import type { Revision, TaskChange, TaskDraft, TaskId } from '../../../src/domain/task.ts';
import { randomPage, randomQuery, type RandomQuery } from './random-queries.ts';
import { randomChange, randomDraft } from './random-tasks.ts';
import { aQuery, aTask, instant, taskId } from './tasks.ts';

/** One call of the repository; small numbers stand for owners, tasks and times. `list next` goes on in the last list. */
export type Operation =
  | { readonly call: 'add'; readonly owner: number; readonly fields: TaskDraft; readonly at: number }
  | { readonly call: 'find'; readonly owner: number; readonly task: number }
  | { readonly call: 'list'; readonly owner: number; readonly query: RandomQuery }
  | { readonly call: 'list next'; readonly page: Pick<RandomQuery, 'limit' | 'offset' | 'count'> }
  | {
      readonly call: 'change';
      readonly owner: number;
      readonly task: number;
      readonly change: TaskChange;
      readonly at: number;
      readonly expected: number;
    }
  | {
      readonly call: 'remove' | 'restore';
      readonly owner: number;
      readonly task: number;
      readonly at: number;
      readonly expected: number;
    }
  | { readonly call: 'list trash'; readonly owner: number; readonly limit: number; readonly isNext: boolean }
  | { readonly call: 'purge'; readonly owner: number; readonly task: number }
  | { readonly call: 'purge all'; readonly owner: number };

/** A repository and the trash on the same store. */
export interface Store {
  readonly tasks: TaskRepository;
  readonly trash: Trash;
}

const owner = fc.constantFrom(0, 0, 0, 1);
const task = fc.nat({ max: 7 });
const at = fc.nat({ max: 4 });
const expected = fc.nat({ max: 9 });

const addition = fc.record({ call: fc.constant('add' as const), owner, fields: randomDraft, at });

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 1, arbitrary: addition },
  { weight: 1, arbitrary: fc.record({ call: fc.constant('find'), owner, task }) },
  { weight: 5, arbitrary: fc.record({ call: fc.constant('list'), owner, query: randomQuery }) },
  { weight: 4, arbitrary: fc.record({ call: fc.constant('list next'), page: randomPage }) },
  {
    weight: 4,
    arbitrary: fc.record({ call: fc.constant('change'), owner, task, change: randomChange, at, expected }),
  },
  { weight: 2, arbitrary: fc.record({ call: fc.constant('remove'), owner, task, at, expected }) },
  { weight: 2, arbitrary: fc.record({ call: fc.constant('restore'), owner, task, at, expected }) },
  {
    weight: 2,
    arbitrary: fc.record({
      call: fc.constant('list trash'),
      owner,
      limit: fc.integer({ min: 1, max: 4 }),
      isNext: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ call: fc.constant('purge'), owner, task }) },
  { weight: 1, arbitrary: fc.record({ call: fc.constant('purge all'), owner }) },
);

/** Some tasks, so that lists have some, and then any operations. */
export const operations: fc.Arbitrary<readonly Operation[]> = fc
  .tuple(
    fc.array(addition, { minLength: 5, maxLength: 15, size: 'max' }),
    fc.array(operation, { maxLength: 40, size: 'max' }),
  )
  .map(([additions, others]) => [...additions, ...others]);

/**
 * Runs operations one after the other and returns their results, without the times of deletions, which a store may take from its own
 * clock. The same operations create the same ids.
 */
export const run = async (
  { tasks, trash }: Store,
  owners: readonly User[],
  operations: readonly Operation[],
): Promise<unknown[]> => {
  const ids: TaskId[] = [];
  const seen: Revision[] = [];
  let last: { readonly user: User; readonly query: TaskQuery } = { user: owners[0]!, query: aQuery() };
  let nextTrashed: Revision | null = null;
  const idOf = (n: number): TaskId => ids[n % Math.max(ids.length, 1)] ?? taskId(0xdead);
  const expectedOf = (n: number): ExpectedRevisions | undefined => {
    if (n < 4) return undefined;
    if (n === 4) return [];
    const latest = seen.slice(-(n - 4));
    return latest;
  };

  const list = async (user: User, query: TaskQuery): Promise<TaskPage> => {
    const page = await tasks.list(user.id, query);
    last = { user, query: { ...query, after: page.next } };
    return page;
  };

  const perform = async (operation: Operation): Promise<unknown> => {
    if (operation.call === 'list next') return list(last.user, { ...last.query, ...operation.page });
    const user = owners[operation.owner]!;
    switch (operation.call) {
      case 'add': {
        const id = taskId(ids.length + 1);
        ids.push(id);
        const createdAt = instant(operation.at);
        const added = await tasks.add(user, aTask({ ...operation.fields, id, createdAt }));
        seen.push(added.revision);
        return added;
      }
      case 'find':
        return tasks.find(user.id, idOf(operation.task));
      case 'list': {
        const { filter, ...query } = operation.query;
        return list(user, aQuery({ ...filter, ...query }));
      }
      case 'change': {
        const { change, expected } = operation;
        const wanted = expectedOf(expected);
        const changed = await tasks.change(user, idOf(operation.task), change, instant(operation.at), wanted);
        if (changed.outcome === 'changed') seen.push(changed.task.revision);
        return changed;
      }
      case 'remove': {
        const wanted = expectedOf(operation.expected);
        const removed = await tasks.remove(user, idOf(operation.task), instant(operation.at), wanted);
        if (removed.outcome === 'removed') {
          const [latest] = (await trash.list(user.id, { limit: 1, before: null })).tasks;
          seen.push(latest!.revision);
        }
        return removed;
      }
      case 'restore': {
        const wanted = expectedOf(operation.expected);
        const restored = await trash.restore(user, idOf(operation.task), instant(operation.at), wanted);
        if (restored.outcome === 'restored') seen.push(restored.task.revision);
        return restored;
      }
      case 'list trash': {
        const before = operation.isNext ? nextTrashed : null;
        const page = await trash.list(user.id, { limit: operation.limit, before });
        nextTrashed = page.next;
        return page;
      }
      case 'purge':
        return trash.purge(user.id, idOf(operation.task));
      case 'purge all':
        return trash.purgeAll(user.id);
    }
  };

  const results: unknown[] = [];
  for (const operation of operations) results.push(withoutDeletionTime(await perform(operation)));
  return results;
};

const withoutDeletionTime = (result: unknown): unknown =>
  result === undefined
    ? undefined
    : JSON.parse(JSON.stringify(result, (name, value: unknown) => (name === 'deletedAt' ? null : value)));
