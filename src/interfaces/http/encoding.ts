import type { TaskPage, TaskQuery } from '../../application/ports/task-repository.ts';
import type { UserId } from '../../domain/owner.ts';
import type { Task } from '../../domain/task.ts';
import { listTag } from './entity-tag.ts';
import { toJson } from './task-json.ts';

/*
 * What is frozen is kept somewhere and given out again, to everybody who asks: its bytes and its tag are made once, and
 * go when it goes. What is not frozen is made for one answer, and so are its bytes.
 */

const taskBytes = new WeakMap<Task, Buffer>();
const pageBytes = new WeakMap<TaskPage, Buffer>();

export const encodeTask = (task: Task): Buffer | string =>
  Object.isFrozen(task) ? kept(taskBytes, task, writeTask) : writeTask(task);

export const encodePage = (page: TaskPage): Buffer | string =>
  Object.isFrozen(page) ? kept(pageBytes, page, writePage) : writePage(page);

const writeTask = (task: Task): string => JSON.stringify(toJson(task));
const writePage = ({ tasks }: TaskPage): string => JSON.stringify(tasks.map(toJson));

const kept = <Value extends object>(
  known: WeakMap<Value, Buffer>,
  value: Value,
  write: (value: Value) => string,
): Buffer => {
  const bytes = known.get(value) ?? toBytes(write(value));
  known.set(value, bytes);
  return bytes;
};

/** Memory of its own: a piece of Node's pool would keep the 64 KiB of all its neighbours for as long as it is kept. */
const toBytes = (text: string): Buffer => {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
};

interface Tagged {
  readonly owner: UserId;
  readonly query: TaskQuery;
  readonly tag: string;
}

const tags = new WeakMap<TaskPage, Tagged>();

/** The tag of a page as the answer to this owner's query. */
export const tagPage = (page: TaskPage, owner: UserId, query: TaskQuery): string => {
  const known = tags.get(page);
  if (known?.owner === owner && isSame(known.query, query)) return known.tag;
  const tag = listTag(owner, query, page.revision);
  if (Object.isFrozen(page)) tags.set(page, { owner, query, tag });
  return tag;
};

const isSame = (one: TaskQuery, other: TaskQuery): boolean =>
  one.status === other.status && one.limit === other.limit && one.after === null && other.after === null;
