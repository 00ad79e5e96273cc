import type { Position, TaskQuery } from '../../../application/ports/task-repository.ts';
import { isInstant, isTaskId } from '../../../domain/task.ts';

/**
 * A position in a list, bound to the filter of the list. It carries no authority: a client that sends it gets tasks of its own
 * user from there on. Clients must treat it as opaque.
 */
export const encodeCursor = (status: TaskQuery['status'], { createdAt, id }: Position): string =>
  Buffer.from(`${status} ${createdAt} ${id}`).toString('base64url');

/** The position in a cursor as {@link encodeCursor} writes it for this filter; null for anything else. */
export const decodeCursor = (status: TaskQuery['status'], cursor: string): Position | null => {
  const [filter, createdAt, id, ...rest] = Buffer.from(cursor, 'base64url').toString().split(' ');
  if (filter !== status || createdAt === undefined || id === undefined || rest.length > 0) return null;
  if (!isInstant(createdAt) || !isTaskId(id)) return null;
  const position = { createdAt, id };
  return encodeCursor(status, position) === cursor ? position : null;
};
