import type { Instant } from './instant.ts';
import type { Task, TaskId } from './task.ts';

/** Selects the tasks of a list. */
export interface TaskFilter {
  readonly status: 'all' | 'pending' | 'completed';
  /** Filters with the same key have the same tasks. 1 to 32 of `a-z` and `-`, so that it can be part of any name. */
  readonly key: string;
}

/** The filter of the tasks with this status. Equal filters have equal keys. */
export const taskFilter = (status: TaskFilter['status']): TaskFilter => ({ status, key: status });

/** True where the list of this filter has the task. */
export const matchesFilter = ({ completed }: Task, { status }: TaskFilter): boolean =>
  status === 'all' || completed === (status === 'completed');

/** A position in a list: after the task with this `createdAt` and `id`. */
export interface Position {
  readonly createdAt: Instant;
  readonly id: TaskId;
}

/** The order of lists: newest first, by `createdAt` and then by `id`, both descending. To be used with `sort`. */
export const newestFirst = (a: Position, b: Position): number =>
  compare(b.createdAt, a.createdAt) || compare(b.id, a.id);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
