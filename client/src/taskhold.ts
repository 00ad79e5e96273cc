/** The exports of the package. */
export type { Changes, Export, Problem, Task, TaskDraft, TrashedTask, User } from './api-types.ts';
export { createClient, type Client } from './create-client.ts';
export type { Account } from './account.ts';
export type { Copy, Update } from './follow/copy.ts';
export type { FollowOptions, FollowStatus } from './follow/follow.ts';
export type { Queue, QueueOptions } from './queue/queue.ts';
export type { Outcome } from './queue/send-write.ts';
export { webStorage, type QueuedWrite, type QueueStorage, type WebStorage } from './queue/storage.ts';
export { TaskholdError, type ErrorCode, type FieldError } from './requests/errors.ts';
export type { ClientOptions, TokenReason } from './requests/settings.ts';
export type { List, Page } from './tasks/pages.ts';
export type { CallOptions, TaskQuery, Tasks, Trash, TrashQuery } from './tasks/task-calls.ts';
export type { Target, TaskChange, Write, WriteOptions } from './tasks/writes.ts';
