import type { TaskPage, TaskQuery } from '../../../application/ports/task-repository.ts';
import type { UserId } from '../../../domain/user.ts';
import type { Task } from '../../../domain/task.ts';
import { listTag } from './revision-tags.ts';
import { toJson } from './task-json.ts';

/*
 * A frozen page is kept in a cache and returned to many requests: its bytes and its tag are made once, and go when it
 * goes. A page that is not frozen is made for one response, and so are its bytes.
 */

const pageBytes = new WeakMap<TaskPage, Buffer>();

export const encodeTask = (task: Task): string => JSON.stringify(toJson(task));

export const encodePage = (page: TaskPage): Buffer | string => {
  if (!Object.isFrozen(page)) return writePage(page);
  const bytes = pageBytes.get(page) ?? toBytes(writePage(page));
  pageBytes.set(page, bytes);
  return bytes;
};

const writePage = ({ tasks }: TaskPage): string => JSON.stringify(tasks.map(toJson));

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
