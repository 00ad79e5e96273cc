import type { ClockAndIds } from '../../../src/application/ports/clock-and-ids.ts';
import type { NewTask, TaskQuery } from '../../../src/application/ports/task-repository.ts';
import { parseUserId, type Owner, type UserId } from '../../../src/domain/user.ts';
import {
  isInstant,
  isRevision,
  isTaskId,
  parseDescription,
  parseTitle,
  type Description,
  type Instant,
  type Parsed,
  type Revision,
  type TaskId,
  type Title,
} from '../../../src/domain/task.ts';

let minted = 0;

/** A user nobody else in the run has, so that suites can share one store. */
export const userId = (name = 'user'): UserId => certain(parseUserId(`${name}-${(minted += 1)}`));

export const anOwner = (overrides: Partial<Owner> = {}): Owner => ({
  id: userId(),
  email: null,
  displayName: null,
  ...overrides,
});

export const title = (text: string): Title => parsed(parseTitle(text));
export const description = (text: string): Description => parsed(parseDescription(text));

/** The nth id of the tests: the larger n, the larger the id. */
export const taskId = (n: number): TaskId =>
  that(`0199f0c2-7a51-7cc4-8000-${n.toString(16).padStart(12, '0')}`, isTaskId);

/** A task id nobody else in the run has; behind those that were given before. */
export const newTaskId = (): TaskId => taskId((minted += 1));

/** The moment so many milliseconds after the tests' beginning of time. */
export const instant = (milliseconds: number): Instant =>
  that(new Date(Date.UTC(2026, 10, 21, 8) + milliseconds).toISOString(), isInstant);

/** The ends of the time that tasks can have. */
export const oldest = that('1970-01-01T00:00:00.000Z', isInstant);
export const youngest = that('9999-12-31T23:59:59.999Z', isInstant);

export const revision = (value: number): Revision => that(value, isRevision);

/** A pending task without a description, of the tests' beginning of time, unless it is said otherwise. */
export const aTask = (overrides: Partial<NewTask> = {}): NewTask => ({
  id: newTaskId(),
  title: title('Buy milk'),
  description: null,
  completed: false,
  createdAt: instant(0),
  ...overrides,
});

/** The whole list, as far as a page goes, unless it is said otherwise. */
export const aQuery = (overrides: Partial<TaskQuery> = {}): TaskQuery => ({
  status: 'all',
  limit: 1000,
  after: null,
  ...overrides,
});

/** A clock that stands still until it is set, and ids in order. */
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

/** Text that the domain would refuse, branded all the same: what an adapter must not rely on never to see. */
export const smuggledTitle = (text: string): Title => that(text, (_): _ is Title => true);
export const smuggledDescription = (text: string): Description => that(text, (_): _ is Description => true);

function that<Base, Value extends Base>(value: Base, is: (value: Base) => value is Value): Value {
  if (!is(value)) throw new Error(`The test asks for what cannot be: ${String(value)}`);
  return value;
}

const certain = <Value>(value: Value | null): Value => {
  if (value === null) throw new Error('The test asks for what cannot be');
  return value;
};

const parsed = <Value>(result: Parsed<Value>): Value => {
  if (!result.ok) throw new Error(result.problem);
  return result.value;
};
