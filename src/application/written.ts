import type { Task } from '../domain/task.ts';

/** The result of a write. */
export interface Written {
  /** True where an earlier request with the same key has written, and this one has done nothing. */
  readonly isReplay: boolean;
}

/** The result of a write that leaves a task. */
export interface WrittenTask extends Written {
  /** The task as it was written. */
  readonly task: Task;
}
