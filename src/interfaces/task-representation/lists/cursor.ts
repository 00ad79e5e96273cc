import { hash } from 'node:crypto';
import { isInstant } from '../../../domain/instant.ts';
import type { TaskSelection } from '../../../domain/task-list.ts';
import { isSortValue, type Position } from '../../../domain/task-order.ts';
import { isTaskId, maxTitleLength } from '../../../domain/task.ts';

/** A shortened key, an instant, an id, a title of up to 4 bytes for a character, and its folded form of up to 3 times as many. */
const maxBytes =
  32 + ' 2026-11-21T08:00:00.000Z '.length + 36 + ' '.length + (3 + 1) * 4 * maxTitleLength + 1;
const maxCursorLength = Math.ceil((maxBytes * 4) / 3);

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
  const parts = partsOf(cursor);
  if (parts === null) return null;
  const { createdAt, id } = parts;
  const value = by === 'createdAt' ? createdAt : parts.value;
  const position = { value, createdAt, id };
  return isSortValue(value, by) && encodeCursor(selection, position) === cursor ? position : null;
};

/** True for the form of a cursor, whatever its list is. */
export const isCursor = (text: string): boolean => partsOf(text) !== null;

/** A text that is longer than every cursor of the service is not decoded. */
const partsOf = (cursor: string): Position | null => {
  if (cursor.length > maxCursorLength) return null;
  const [, createdAt, id, ...rest] = Buffer.from(cursor, 'base64url').toString().split(' ');
  if (createdAt === undefined || id === undefined || !isInstant(createdAt) || !isTaskId(id)) return null;
  return { value: rest.length === 0 ? null : rest.join(' '), createdAt, id };
};

/** A search can be long: its key is hashed. */
const shortened = (key: string): string =>
  key.length <= 32 ? key : hash('sha256', key, 'base64url').slice(0, 22);
