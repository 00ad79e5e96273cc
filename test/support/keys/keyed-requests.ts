import type { Answer } from '../http/http-client.ts';
import type { User } from '../http/service.ts';
import { newTaskId } from '../tasks/tasks.ts';
import { conditionalWrites, perform, taskRequests, type TaskRequest } from '../tasks/task-requests.ts';

/** Requests that take `Idempotency-Key`. */
export const keyedWrites: readonly TaskRequest[] = [
  ...taskRequests.filter(({ name }) => name === 'create'),
  ...conditionalWrites,
];

/** A key that no other test of the run has. */
export const newKey = (): string => `key-${newTaskId()}`;

/** The header fields of a request with this key. */
export const keyed = (key: string, more: Readonly<Record<string, string>> = {}) => ({
  headers: { 'Idempotency-Key': key, ...more },
});

/** Sends the request with this key. */
export const performKeyed = (
  user: User,
  list: string,
  request: TaskRequest,
  id: string,
  key: string,
): Promise<Answer> => perform(user, list, request, id, keyed(key));

/** What has to be the same in every response under one key. */
export const repeatable = ({ status, headers, text }: Answer) => ({
  status,
  text,
  etag: headers['etag'],
  location: headers['location'],
  type: headers['content-type'],
});

export const isReplay = ({ headers }: Answer): boolean => headers['idempotent-replayed'] === 'true';
