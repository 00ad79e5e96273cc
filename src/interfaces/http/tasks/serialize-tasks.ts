import type { TaskPage } from '../../../application/ports/task-repository.ts';
import type { Task } from '../../../domain/task.ts';
import { toJson } from '../../task-representation/task-json.ts';

/**
 * The bytes of pages. A repository that keeps a page returns the same object again, and its bytes are made once. Keyed by the
 * object, not by its entity tag: after a failover a tag can name another page.
 */
const bytesOfPages = new WeakMap<TaskPage, Buffer>();

export const serializeTask = (task: Task): string => JSON.stringify(toJson(task));

export const serializePage = (page: TaskPage): Buffer => {
  const known = bytesOfPages.get(page);
  if (known !== undefined) return known;
  const bytes = toBytes(JSON.stringify(page.tasks.map(toJson)));
  bytesOfPages.set(page, bytes);
  return bytes;
};

/** Memory of its own: a slice of Node's pool would keep all 64 KiB of the pool for as long as it is referenced. */
const toBytes = (text: string): Buffer => {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
};
