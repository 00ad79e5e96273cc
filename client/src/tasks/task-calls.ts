import type { Changes, ListTasksData, ListTrashData, Task, TaskDraft, TrashedTask } from '../api-types.ts';
import { isChanges, isTask, isTasks, isTrash, json, nothing } from '../requests/read-response.ts';
import type { Send } from '../requests/send.ts';
import { listOf, searchOf, type List } from './pages.ts';
import {
  newKey,
  requestOf,
  segmentOf,
  type Target,
  type TaskChange,
  type Write,
  type WriteOptions,
} from './writes.ts';

/** Conditions, order and page size of a list, as in the query of `GET /api/tasks`. */
export type TaskQuery = Optional<NonNullable<ListTasksData['query']>>;

/** Page size of the trash, as in the query of `GET /api/tasks/trash`. */
export type TrashQuery = Optional<NonNullable<ListTrashData['query']>>;

/** A member that is undefined counts as absent. */
type Optional<Query> = { readonly [Name in keyof Query]?: Query[Name] | undefined };

/** Options of a call that writes nothing, or has no key. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** The tasks of the user. */
export interface Tasks {
  /** The tasks that meet the conditions, by default the newest first. */
  list(query?: TaskQuery, options?: CallOptions): List<Task>;
  get(id: string, options?: CallOptions): Promise<Task>;
  create(draft: TaskDraft, options?: WriteOptions): Promise<Task>;
  /** Changes the members that are given. */
  update(target: Target, changes: TaskChange, options?: WriteOptions): Promise<Task>;
  /** Sets `completed`. Default: true. */
  complete(target: Target, completed?: boolean, options?: WriteOptions): Promise<Task>;
  /** Moves the task into the trash. */
  delete(target: Target, options?: WriteOptions): Promise<void>;
  /** Takes the task out of the trash. */
  restore(target: Target, options?: WriteOptions): Promise<Task>;
  /** What has changed after a revision. `follow` does it for you. */
  changes(since: number, options?: CallOptions & { readonly limit?: number | undefined }): Promise<Changes>;
}

/** The deleted tasks of the user. */
export interface Trash {
  /** The latest deletion first. */
  list(query?: TrashQuery, options?: CallOptions): List<TrashedTask>;
  /** Deletes a task of the trash for good. It has no key, so it is not repeated where its response was lost. */
  delete(id: string, options?: CallOptions): Promise<void>;
  /** Deletes all of the trash for good. It has no key either. */
  empty(options?: CallOptions): Promise<void>;
}

export const taskCalls = (send: Send): Tasks => {
  const sendWrite = <Result>(
    write: Write,
    read: (response: Response) => Promise<Result>,
    { signal, idempotencyKey = newKey() }: WriteOptions = {},
  ): Promise<Result> => send({ ...requestOf(write, idempotencyKey), read, signal });
  const task = json(isTask);
  return {
    list: (query = {}, { signal } = {}) => listOf(send, 'api/tasks', query, json(isTasks), signal),
    get: (id, { signal } = {}) =>
      send({ method: 'GET', path: `api/tasks/${segmentOf(id)}`, read: task, signal }),
    create: (draft, options) => sendWrite({ kind: 'create', draft }, task, options),
    update: (target, changes, options) => sendWrite({ kind: 'update', target, changes }, task, options),
    complete: (target, completed = true, options) =>
      sendWrite({ kind: 'complete', target, completed }, task, options),
    delete: (target, options) => sendWrite({ kind: 'delete', target }, nothing, options),
    restore: (target, options) => sendWrite({ kind: 'restore', target }, task, options),
    changes: (since, { limit, signal } = {}) =>
      send({
        method: 'GET',
        path: `api/tasks/changes${searchOf({ since, limit })}`,
        read: json(isChanges),
        signal,
      }),
  };
};

export const trashCalls = (send: Send): Trash => ({
  list: (query = {}, { signal } = {}) => listOf(send, 'api/tasks/trash', query, json(isTrash), signal),
  delete: (id, { signal } = {}) =>
    send({ method: 'DELETE', path: `api/tasks/trash/${segmentOf(id)}`, read: nothing, signal }),
  empty: ({ signal } = {}) => send({ method: 'DELETE', path: 'api/tasks/trash', read: nothing, signal }),
});
