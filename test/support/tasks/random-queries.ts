import fc from 'fast-check';
import { dueInstant } from '../../../src/domain/due-date.ts';
import { fold } from '../../../src/domain/fold.ts';
import { statuses, type TaskFilter } from '../../../src/domain/task-filter.ts';
import { priorities } from '../../../src/domain/task.ts';
import {
  newestFirst,
  titleValue,
  type OrderBy,
  type Position,
  type TaskOrder,
} from '../../../src/domain/task-order.ts';
import { orders } from './lists.ts';
import { dueTexts, searchTerm, tagTexts, trimmedText } from './random-tasks.ts';
import { dueBound, dueDate, instant, oldest, searchText, tags, taskId, youngest } from './tasks.ts';

/** What a random list selects, and where it starts. */
export interface RandomQuery {
  readonly filter: Partial<TaskFilter>;
  readonly order: TaskOrder;
  readonly after: Position | null;
  readonly limit: number;
  readonly offset: number;
  readonly count: boolean;
}

const condition: fc.Arbitrary<Partial<TaskFilter>> = fc.oneof(
  fc.record({ status: fc.constantFrom(...statuses) }),
  fc.record({ priorities: fc.subarray([...priorities]) }),
  fc.record({ tag: fc.constantFrom(...tagTexts).map((text) => tags(text)[0]!) }),
  fc.record({ tags: fc.subarray(tagTexts, { maxLength: 4 }).map((texts) => tags(...texts)) }),
  fc.record({ dueFrom: fc.constantFrom(...dueTexts).map(dueBound) }),
  fc.record({ dueBefore: fc.constantFrom(...dueTexts).map(dueBound) }),
  { weight: 3, arbitrary: fc.record({ search: searchTerm.map(searchText) }) },
);

/** Few conditions at once, because no task would meet many. */
const filter: fc.Arbitrary<Partial<TaskFilter>> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({}) },
  { weight: 2, arbitrary: condition },
  { weight: 1, arbitrary: fc.tuple(condition, condition).map(([one, other]) => ({ ...one, ...other })) },
);

const time = fc.oneof(fc.nat({ max: 4 }).map(instant), fc.constantFrom(oldest, youngest));

const valueOf: Readonly<Record<Exclude<OrderBy, 'createdAt'>, fc.Arbitrary<string | null>>> = {
  updatedAt: time,
  // The title of a task, or one that is folded alike.
  title: fc
    .tuple(trimmedText, fc.constantFrom(String, fold))
    .map(([text, other]) => titleValue({ folded: fold(text), title: other(text) })),
  dueDate: fc.option(fc.constantFrom(...dueTexts).map((text) => dueInstant(dueDate(text)))),
  priority: fc.constantFrom('1', '2', '3'),
};

/** Positions in a list of this order, most of them without a task. */
const positionIn = ({ by }: TaskOrder): fc.Arbitrary<Position> => {
  const place = fc.record({ createdAt: time, id: fc.nat({ max: 8 }).map(taskId) });
  return by === 'createdAt'
    ? place.map(({ createdAt, id }) => ({ value: createdAt, createdAt, id }))
    : fc.tuple(valueOf[by], place).map(([value, rest]) => ({ value, ...rest }));
};

const page = {
  limit: fc.integer({ min: 1, max: 4 }),
  offset: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 5 }) }),
  count: fc.boolean(),
};

/** How to go on in a list. */
export const randomPage = fc.record(page);

export const randomQuery: fc.Arbitrary<RandomQuery> = fc
  .oneof(
    { weight: 1, arbitrary: fc.constant(newestFirst) },
    { weight: 3, arbitrary: fc.constantFrom(...orders) },
  )
  .chain((order) =>
    fc.record({
      filter,
      order: fc.constant(order),
      after: fc.oneof(
        { weight: 3, arbitrary: fc.constant(null) },
        { weight: 1, arbitrary: positionIn(order) },
      ),
      ...page,
    }),
  );
