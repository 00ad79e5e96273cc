import { hash } from 'node:crypto';
import { isInstant } from '../../../../domain/instant.ts';
import type { TaskSelection } from '../../../../domain/task-list.ts';
import { isSortValue, type Position } from '../../../../domain/task-order.ts';
import { isTaskId } from '../../../../domain/task.ts';

/**
 * A position in a list, bound to the filter and the order of the list. It carries no authority: a client that sends it gets
 * tasks of its own user from there on. Clients must treat it as opaque.
 */
export const encodeCursor = ({ key, order }: TaskSelection, { value, createdAt, id }: Position): string => {
  const parts = [shortened(key), createdAt, id];
  // The value stands last, because a title can have spaces.
  if (order.by !== 'createdAt' && value !== null) parts.push(value);
  return Buffer.from(parts.join(' ')).toString('base64url');
};

/** The position in a cursor as {@link encodeCursor} writes it for this selection; null for anything else. */
export const decodeCursor = (selection: TaskSelection, cursor: string): Position | null => {
  const { by } = selection.order;
  const [, createdAt, id, ...rest] = Buffer.from(cursor, 'base64url').toString().split(' ');
  if (createdAt === undefined || id === undefined || !isInstant(createdAt) || !isTaskId(id)) return null;
  const value = by === 'createdAt' ? createdAt : rest.length === 0 ? null : rest.join(' ');
  const position = { value, createdAt, id };
  return isSortValue(value, by) && encodeCursor(selection, position) === cursor ? position : null;
};

/** A search can be long: its key is hashed. */
const shortened = (key: string): string =>
  key.length <= 32 ? key : hash('sha256', key, 'base64url').slice(0, 22);
