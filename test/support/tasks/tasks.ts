import { hash } from 'node:crypto';
import type { ClockAndIds } from '../../../src/application/ports/clock-and-ids.ts';
import { isFingerprint, type KeyedRequest } from '../../../src/domain/idempotency/keyed-request.ts';
import type { NewTask, TaskQuery } from '../../../src/application/ports/task-repository.ts';
import { parseSearch, type TaskFilter } from '../../../src/domain/task-filter.ts';
import type { FoldedText } from '../../../src/domain/fold.ts';
import { taskSelection } from '../../../src/domain/task-list.ts';
import { newestFirst, type Position, type TaskOrder } from '../../../src/domain/task-order.ts';
import { parseDueBound, parseDueDate, type DueDate } from '../../../src/domain/due-date.ts';
import { maxTagLength, maxTags, parseTag, parseTags, type Tag } from '../../../src/domain/tags.ts';
import { parseIdempotencyKey } from '../../../src/domain/idempotency/idempotency-key.ts';
import { parseUserId, type User, type UserId } from '../../../src/domain/user.ts';
import { isInstant, type Instant } from '../../../src/domain/instant.ts';
import type { Parsed } from '../../../src/domain/parsed.ts';
import {
  defaultFields,
  isRevision,
  isTaskId,
  maxDescriptionLength,
  maxTitleLength,
  parseDescription,
  parseTitle,
  type Description,
  type Revision,
  type TaskChange,
  type TaskDraft,
  type TaskId,
  type Title,
} from '../../../src/domain/task.ts';

let lastNumber = 0;

/** A user id that no other test of the run has, so that suites can share one store. */
export const userId = (name = 'user'): UserId => notNull(parseUserId(`${name}-${(lastNumber += 1)}`));

export const anOwner = (overrides: Partial<User> = {}): User => ({
  id: userId(),
  email: null,
  displayName: null,
  ...overrides,
});

export const title = (text: string): Title => parsed(parseTitle(text));
export const dueDate = (text: string): DueDate => notNull(parsed(parseDueDate(text)));
export const tags = (...texts: readonly string[]): readonly Tag[] =>
  parsed(parseTags(texts.map((text) => parsed(parseTag(text)))));
/** The instant with which due dates are compared. */
export const dueBound = (text: string): Instant => parsed(parseDueBound(text));
/** The text to search for, as a filter has it. */
export const searchText = (text: string): FoldedText => parsed(parseSearch(text));
export const description = (text: string): Description => parsed(parseDescription(text));

/** The nth id of the tests: the larger n, the larger the id. */
export const taskId = (n: number): TaskId =>
  checked(`0199f0c2-7a51-7cc4-8000-${n.toString(16).padStart(12, '0')}`, isTaskId);

/** A task id that no other test of the run has; larger than those before. */
export const newTaskId = (): TaskId => taskId((lastNumber += 1));

/** The time that many milliseconds after 2026-11-21T08:00:00Z. */
export const instant = (milliseconds: number): Instant =>
  checked(new Date(Date.UTC(2026, 10, 21, 8) + milliseconds).toISOString(), isInstant);

/** The earliest and the latest time that a task can have. */
export const oldest = checked('1970-01-01T00:00:00.000Z', isInstant);
export const youngest = checked('9999-12-31T23:59:59.999Z', isInstant);

export const revision = (value: number): Revision => checked(value, isRevision);

/** Fields with a value in each. */
type FilledFields = { readonly [Field in keyof Required<TaskDraft>]: NonNullable<TaskDraft[Field]> };

/** The required fields, and the defaults of the others. */
export const bareFields: TaskDraft = { title: title('Buy milk'), ...defaultFields };

/** Every field set, with the longest texts. */
export const fullFields: FilledFields = {
  title: title('😀'.repeat(maxTitleLength)),
  description: description('😀'.repeat(maxDescriptionLength)),
  completed: true,
  priority: 'high',
  dueDate: dueDate('9999-12-31T23:59:59.999Z'),
  tags: tags(...Array.from({ length: maxTags }, (_, n) => `${10 + n}${'😀'.repeat(maxTagLength - 2)}`)),
};

/** Every field set, to other values than in {@link fullFields}. */
export const otherFields: FilledFields & Required<TaskChange> = {
  title: title('Buy oat milk'),
  description: description('two litres'),
  completed: false,
  priority: 'low',
  dueDate: dueDate('2026-11-30'),
  tags: tags('a "quoted" one', 'back\\slash', '{a,b}', 'NULL', "it's"),
};

/** Fields whose text has a form of its own. */
const formattedFields: readonly string[] = ['priority', 'dueDate'];

/** The names of the fields that are any text. */
export const textFields: readonly string[] = Object.entries(fullFields).flatMap(([field, value]) =>
  typeof value === 'string' && !formattedFields.includes(field) ? field : [],
);

/** A task with {@link bareFields}, created at `instant(0)`, unless overridden. */
export const aTask = (overrides: Partial<NewTask> = {}): NewTask => ({
  id: newTaskId(),
  ...bareFields,
  createdAt: instant(0),
  ...overrides,
});

/** The first page of all tasks, unless overridden. */
export const aQuery = ({
  order = newestFirst,
  limit = 1000,
  after = null,
  offset = 0,
  count = false,
  ...filter
}: Partial<TaskFilter & Omit<TaskQuery, 'selection'> & { readonly order: TaskOrder }> = {}): TaskQuery => ({
  selection: taskSelection(filter, order),
  limit,
  after,
  offset,
  count,
});

/** The position of a task in a list of the default order. */
export const placeOf = ({ createdAt, id }: Pick<Position, 'createdAt' | 'id'>): Position => ({
  value: createdAt,
  createdAt,
  id,
});

/** A request with a key that no other test of the run has; the same `content`, the same fingerprint. */
export const aKeyedRequest = (content = 'the same', text = `key-${(lastNumber += 1)}`): KeyedRequest => ({
  key: parsed(parseIdempotencyKey(text)),
  fingerprint: checked(hash('sha256', content), isFingerprint),
});

/** A clock that only the test moves, and ids in ascending order. */
export const fixedClockAndIds = (): ClockAndIds & { time: Instant; readonly lastId: () => TaskId } => {
  let last = newTaskId();
  return {
    time: instant(0),
    now() {
      return this.time;
    },
    newTaskId: () => (last = newTaskId()),
    lastId: () => last,
  };
};

/** A title without the checks of the domain, to test that an adapter refuses it. */
export const uncheckedTitle = (text: string): Title => checked(text, (_): _ is Title => true);
/** These fields with this value in one of them, without the checks of the domain. */
export const withUnchecked = <Fields extends object>(
  fields: Fields,
  field: string,
  value: unknown,
): Fields => ({
  ...fields,
  [field]: value,
});

function checked<Base, Value extends Base>(value: Base, is: (value: Base) => value is Value): Value {
  if (!is(value)) throw new Error(`The value is not valid: ${String(value)}`);
  return value;
}

function notNull<Value>(value: Value | null): Value {
  if (value === null) throw new Error('The value is not valid');
  return value;
}

function parsed<Value>(result: Parsed<Value>): Value {
  if (!result.ok) throw new Error(result.problem);
  return result.value;
}
