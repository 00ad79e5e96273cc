import { dueInstant } from './due-date.ts';
import { compareCodePoints, fold } from './fold.ts';
import { isInstant, type Instant } from './instant.ts';
import { priorities, type Task, type TaskId } from './task.ts';
import { isStorable } from './text.ts';

export const directions = ['asc', 'desc'] as const;
export type Direction = (typeof directions)[number];

/** What lists can be ordered by, each with the direction that people expect where none is named. */
export const defaultDirections = {
  createdAt: 'desc',
  updatedAt: 'desc',
  title: 'asc',
  dueDate: 'asc',
  priority: 'desc',
} as const satisfies Readonly<Partial<Record<keyof Task, Direction>>>;

export type OrderBy = keyof typeof defaultDirections;

/**
 * The order of a list. Titles are compared by the code points of their folded form, and then by their own; a due date stands for its
 * 00:00 UTC; tasks without a due date come last in both directions. Equal tasks are ordered by `createdAt`, then by `id`, both
 * descending, whatever the direction.
 */
export interface TaskOrder {
  readonly by: OrderBy;
  readonly direction: Direction;
}

export const newestFirst: TaskOrder = { by: 'createdAt', direction: 'desc' };

/** A position in an ordered list: that of a task with these values. */
export interface Position {
  /** What the list is ordered by, as {@link sortValue} makes it. */
  readonly value: string | null;
  readonly createdAt: Instant;
  readonly id: TaskId;
}

/** What a task is ordered by, as a text whose order by code point is the order of the list. Null comes last. */
export const sortValue = (task: Task, by: OrderBy): string | null => {
  switch (by) {
    case 'createdAt':
    case 'updatedAt':
      return task[by];
    case 'title':
      return titleValue({ folded: fold(task.title), title: task.title });
    case 'dueDate':
      return task.dueDate === null ? null : dueInstant(task.dueDate);
    case 'priority':
      return `${priorities.indexOf(task.priority) + 1}`;
  }
};

export const positionOf = (task: Task, { by }: TaskOrder): Position => ({
  value: sortValue(task, by),
  createdAt: task.createdAt,
  id: task.id,
});

/** True for a value that {@link sortValue} can make, and for any title: a store may fold it in another way for a while. */
export const isSortValue = (value: string | null, by: OrderBy): boolean => {
  if (value === null) return by === 'dueDate';
  switch (by) {
    case 'createdAt':
    case 'updatedAt':
    case 'dueDate':
      return isInstant(value);
    case 'title':
      return partsOfTitleValue(value) !== null;
    case 'priority':
      return priorities.some((_, index) => value === `${index + 1}`);
  }
};

interface TitleParts {
  readonly folded: string;
  readonly title: string;
}

/** U+0000 is in no title, and before all other characters, so that the folded forms are compared first. */
export const titleValue = ({ folded, title }: TitleParts): string => `${folded}\0${title}`;

/** What {@link titleValue} was made of; null for a text that it does not make. */
export const partsOfTitleValue = (value: string): TitleParts | null => {
  const [folded = '', title = '', ...others] = value.split('\0');
  const isTitle = [folded, title].every((text) => text !== '' && isStorable(text)) && others.length === 0;
  return isTitle ? { folded, title } : null;
};

/** Compares positions in this order; to be used with `sort`. Negative: the first one comes first. */
export const comparePositions =
  ({ direction }: TaskOrder) =>
  (a: Position, b: Position): number =>
    compareValues(a.value, b.value, direction) ||
    compareAscii(b.createdAt, a.createdAt) ||
    compareAscii(b.id, a.id);

const compareAscii = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const compareValues = (a: string | null, b: string | null, direction: Direction): number => {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return direction === 'asc' ? compareCodePoints(a, b) : compareCodePoints(b, a);
};
