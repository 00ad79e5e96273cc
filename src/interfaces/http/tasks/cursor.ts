import { isInstant } from '../../../domain/instant.ts';
import { isTaskId } from '../../../domain/task.ts';
import type { Position, TaskFilter } from '../../../domain/task-list.ts';

/**
 * A position in a list, bound to the filter of the list. It carries no authority: a client that sends it gets tasks of its own
 * user from there on. Clients must treat it as opaque.
 */
export const encodeCursor = (filter: TaskFilter, { createdAt, id }: Position): string =>
  Buffer.from(`${filter.key} ${createdAt} ${id}`).toString('base64url');

/** The position in a cursor as {@link encodeCursor} writes it for this filter; null for anything else. */
export const decodeCursor = (filter: TaskFilter, cursor: string): Position | null => {
  const [key, createdAt, id, ...rest] = Buffer.from(cursor, 'base64url').toString().split(' ');
  if (key !== filter.key || createdAt === undefined || id === undefined || rest.length > 0) return null;
  if (!isInstant(createdAt) || !isTaskId(id)) return null;
  const position = { createdAt, id };
  return encodeCursor(filter, position) === cursor ? position : null;
};
