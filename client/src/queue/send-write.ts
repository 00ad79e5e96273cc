import type { Task } from '../api-types.ts';
import { isRefusal, TaskholdError } from '../requests/errors.ts';
import { isTask, json, nothing } from '../requests/read-response.ts';
import type { Send } from '../requests/send.ts';
import { requestOf } from '../tasks/writes.ts';
import type { QueuedWrite, QueueStorage } from './storage.ts';

/** How a write of the queue ended. */
export type Outcome =
  /** It was done. `task` is null for a deletion. */
  | { readonly status: 'done'; readonly task: Task | null }
  /** The service refused it for good. */
  | { readonly status: 'refused'; readonly error: TaskholdError }
  /** It was sent a day ago and there was no response of Taskhold that decides; it may have been done. The service has forgotten its key since. */
  | { readonly status: 'expired' };

/** The service keeps a key for 24 hours. */
const keyLifetimeMs = 23 * 3_600_000;

/** Sends a write once. Throws the error where it has to be sent again later. */
export const sendWrite = async (
  send: Send,
  storage: QueueStorage,
  entry: QueuedWrite,
  signal: AbortSignal,
): Promise<Outcome> => {
  const { id, write, sentAt } = entry;
  if (sentAt !== null && Date.now() - sentAt > keyLifetimeMs) return { status: 'expired' };
  // Kept before it is sent: the page may be closed before the response.
  if (sentAt === null) await storage.put({ ...entry, sentAt: Date.now() });
  try {
    const request = { ...requestOf(write, id), signal, maxAttempts: 1 };
    if (write.kind !== 'delete')
      return { status: 'done', task: await send({ ...request, read: json(isTask) }) };
    await send({ ...request, read: nothing });
    return { status: 'done', task: null };
  } catch (error) {
    // First: the reason may be a TaskholdError too, but it is the app's, and decides nothing about the write.
    signal.throwIfAborted();
    if (!(error instanceof TaskholdError)) throw error;
    if (isRefusal(error)) return { status: 'refused', error };
    // Another server than Taskhold responded: whether the write was done is not known.
    const isUncertain = error.isUncertain || error.code === 'unexpected_response';
    if (sentAt === null && !isUncertain) await storage.put(entry);
    throw error;
  }
};
