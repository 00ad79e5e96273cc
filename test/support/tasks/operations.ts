import fc from 'fast-check';
import type {
  ExpectedRevisions,
  TaskQuery,
  TaskRepository,
} from '../../../src/application/ports/task-repository.ts';
import type { User } from '../../../src/domain/user.ts';
import type { Revision, TaskChange, TaskId } from '../../../src/domain/task.ts';
import type { TaskFilter } from '../../../src/domain/task-filter.ts';
import { aQuery, aTask, bareFields, fullFields, instant, otherFields, taskId, title } from './tasks.ts';

/** One call of the repository; small numbers stand for owners, tasks and pages. */
export type Operation =
  | { readonly call: 'add'; readonly owner: number; readonly text: number; readonly at: number }
  | { readonly call: 'find'; readonly owner: number; readonly task: number }
  | {
      readonly call: 'list';
      readonly owner: number;
      readonly status: TaskFilter['status'];
      readonly limit: number;
    }
  | {
      readonly call: 'list next';
      readonly owner: number;
      readonly status: TaskFilter['status'];
      readonly limit: number;
    }
  | {
      readonly call: 'change';
      readonly owner: number;
      readonly task: number;
      readonly change: number;
      readonly at: number;
      readonly expected: number;
    }
  | { readonly call: 'remove'; readonly owner: number; readonly task: number; readonly expected: number };

const owner = fc.nat({ max: 1 });
const task = fc.nat({ max: 7 });
const at = fc.nat({ max: 4 });
const status = fc.constantFrom('all', 'pending', 'completed');
const limit = fc.integer({ min: 1, max: 4 });
const expected = fc.nat({ max: 9 });

export const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ call: fc.constant('add'), owner, text: fc.nat({ max: 5 }), at }) },
  { weight: 2, arbitrary: fc.record({ call: fc.constant('find'), owner, task }) },
  { weight: 3, arbitrary: fc.record({ call: fc.constant('list'), owner, status, limit }) },
  { weight: 2, arbitrary: fc.record({ call: fc.constant('list next'), owner, status, limit }) },
  {
    weight: 4,
    arbitrary: fc.record({
      call: fc.constant('change'),
      owner,
      task,
      change: fc.nat({ max: 20 }),
      at,
      expected,
    }),
  },
  { weight: 2, arbitrary: fc.record({ call: fc.constant('remove'), owner, task, expected }) },
);

const texts = ['milk', '🥛'.repeat(200), 'ünï', 'a', 'b', 'שלום'];
const changes: readonly TaskChange[] = [
  ...Object.entries(otherFields).map(([field, value]) => ({ [field]: value })),
  otherFields,
  fullFields,
  bareFields,
  { completed: 'toggle' },
];

/** Runs operations one after the other and returns their results. The same operations create the same ids. */
export const run = async (
  tasks: TaskRepository,
  owners: readonly User[],
  operations: readonly Operation[],
): Promise<unknown[]> => {
  const ids: TaskId[] = [];
  const seen: Revision[] = [];
  let next: TaskQuery['after'] = null;
  const idOf = (n: number): TaskId => ids[n % Math.max(ids.length, 1)] ?? taskId(0xdead);
  const expectedOf = (n: number): ExpectedRevisions | undefined => {
    if (n < 4) return undefined;
    if (n === 4) return [];
    const latest = seen.slice(-(n - 4));
    return latest;
  };

  const perform = async (operation: Operation): Promise<unknown> => {
    const user = owners[operation.owner]!;
    switch (operation.call) {
      case 'add': {
        const id = taskId(ids.length + 1);
        ids.push(id);
        const fields = operation.text % 2 === 0 ? fullFields : bareFields;
        const text = title(texts[operation.text]!);
        const createdAt = instant(operation.at);
        const added = await tasks.add(user, aTask({ ...fields, id, title: text, createdAt }));
        seen.push(added.revision);
        return added;
      }
      case 'find':
        return tasks.find(user.id, idOf(operation.task));
      case 'list':
      case 'list next': {
        const after = operation.call === 'list' ? null : next;
        const page = await tasks.list(
          user.id,
          aQuery({ status: operation.status, limit: operation.limit, after }),
        );
        next = page.next;
        return page;
      }
      case 'change': {
        const change = changes[operation.change % changes.length]!;
        const wanted = expectedOf(operation.expected);
        const changed = await tasks.change(user, idOf(operation.task), change, instant(operation.at), wanted);
        if (changed.outcome === 'changed') seen.push(changed.task.revision);
        return changed;
      }
      case 'remove':
        return tasks.remove(user, idOf(operation.task), expectedOf(operation.expected));
    }
  };

  const results: unknown[] = [];
  for (const operation of operations) results.push(await perform(operation));
  return results;
};
