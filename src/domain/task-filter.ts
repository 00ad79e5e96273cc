import type { Instant } from './instant.ts';
import { dueInstant } from './due-date.ts';
import { fold, type FoldedText } from './fold.ts';
import type { Parsed } from './parsed.ts';
import type { Tag } from './tags.ts';
import type { Priority, Task } from './task.ts';
import { countCharacters, storageProblem } from './text.ts';

export const statuses = ['all', 'pending', 'completed'] as const;

/** Which tasks a list has: those that meet every condition. Null, or `all`, is no condition. */
export interface TaskFilter {
  readonly status: (typeof statuses)[number];
  /** The task has one of these priorities. */
  readonly priorities: readonly Priority[] | null;
  /** The task has this tag. */
  readonly tag: Tag | null;
  /** The task has at least one of these tags. */
  readonly tags: readonly Tag[] | null;
  /** The task is due then or later; a date stands for its 00:00 UTC. A task without a due date does not meet it. */
  readonly dueFrom: Instant | null;
  /** The task is due earlier than then, as {@link dueFrom}. */
  readonly dueBefore: Instant | null;
  /** The title or the description contains this text, both folded. */
  readonly search: FoldedText | null;
}

/** The filter that every task meets. */
export const everyTask: TaskFilter = {
  status: 'all',
  priorities: null,
  tag: null,
  tags: null,
  dueFrom: null,
  dueBefore: null,
  search: null,
};

/** The longest text to search for after trimming, in code points. */
export const maxSearchLength = 200;

/** Trims as JavaScript does, counts, and folds. */
export const parseSearch = (text: string): Parsed<FoldedText> => {
  const trimmed = text.trim();
  const length = countCharacters(trimmed);
  const problem =
    length >= 1 && length <= maxSearchLength
      ? storageProblem(trimmed)
      : `must have 1 to ${maxSearchLength} characters`;
  return problem === '' ? { ok: true, value: fold(trimmed) } : { ok: false, problem };
};

/** True where the list of this filter has the task. */
export const matchesFilter = (task: Task, filter: TaskFilter): boolean =>
  (filter.status === 'all' || task.completed === (filter.status === 'completed')) &&
  (filter.priorities === null || filter.priorities.includes(task.priority)) &&
  (filter.tag === null || task.tags.includes(filter.tag)) &&
  (filter.tags === null || filter.tags.some((tag) => task.tags.includes(tag))) &&
  isDueWithin(task, filter) &&
  (filter.search === null || contains(task, filter.search));

const isDueWithin = ({ dueDate }: Task, { dueFrom, dueBefore }: TaskFilter): boolean => {
  if (dueFrom === null && dueBefore === null) return true;
  if (dueDate === null) return false;
  const due = dueInstant(dueDate);
  return (dueFrom === null || due >= dueFrom) && (dueBefore === null || due < dueBefore);
};

const contains = ({ title, description }: Task, text: FoldedText): boolean =>
  fold(title).includes(text) || (description !== null && fold(description).includes(text));
