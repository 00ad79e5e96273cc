import { isObject, isTask, parsed } from '../requests/read-response.ts';
import { newKey, type Write } from '../tasks/writes.ts';

/** A write of the queue. */
export interface QueuedWrite {
  /** Its Idempotency-Key. For a new task, it is also the id that later writes of the queue may name it by. */
  readonly id: string;
  /** In milliseconds since 1970, or later than the writes that waited. Writes are sent in this order. */
  readonly queuedAt: number;
  /** When it was sent for the first time, in milliseconds since 1970; null: never. */
  readonly sentAt: number | null;
  readonly write: Write;
}

/**
 * Where a queue keeps its writes. It may be asynchronous, such as IndexedDB. Its errors reject `add`, `pending` and `flush`; where the
 * queue sends by itself, they are reported as uncaught errors, and it tries again later.
 */
export interface QueueStorage {
  /** A name that the queues of other users and of other places do not have; all tabs with this storage have the same. */
  readonly name: string;
  /** All writes, in any order. */
  all(): readonly QueuedWrite[] | Promise<readonly QueuedWrite[]>;
  /** Adds the write, or replaces the one with its id. */
  put(entry: QueuedWrite): void | Promise<void>;
  remove(id: string): void | Promise<void>;
}

/** Keeps writes until the page is closed. */
export const memoryStorage = (): QueueStorage => {
  const entries = new Map<string, QueuedWrite>();
  return {
    name: `taskhold-queue:${newKey()}`,
    all: () => [...entries.values()],
    put: (entry) => void entries.set(entry.id, entry),
    remove: (id) => void entries.delete(id),
  };
};

/** The part of `localStorage` that a queue uses. */
export interface WebStorage {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/**
 * Keeps writes in `localStorage`, also over reloads.
 * @param user The id of the user: what another user of this browser has queued must never be sent with this user's token.
 */
export const webStorage = (storage: WebStorage, user: string): QueueStorage => {
  const name = `taskhold-queue:${encodeURIComponent(user)}`;
  const keyOf = (id: string): string => `${name}:${id}`;
  return {
    name,
    // What is broken is skipped, and left: it may be of another version.
    all: () =>
      Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '')
        .filter((key) => key.startsWith(keyOf('')))
        .flatMap((key) => {
          const entry = parsed(storage.getItem(key) ?? '');
          return isQueuedWrite(entry) && key === keyOf(entry.id) ? [entry] : [];
        }),
    put: (entry) =>
      storage.setItem(keyOf(entry.id), JSON.stringify(entry) + (entry.sentAt === null ? room : '')),
    remove: (id) => storage.removeItem(keyOf(id)),
  };
};

/** Kept free in each write that was not sent, for `sentAt` and a longer revision: where the storage is full, sending must not fail. */
const room = ' '.repeat(32);

const isQueuedWrite = (value: unknown): value is QueuedWrite =>
  isObject(value) &&
  typeof value['id'] === 'string' &&
  typeof value['queuedAt'] === 'number' &&
  (value['sentAt'] === null || typeof value['sentAt'] === 'number') &&
  isWrite(value['write']);

const isWrite = (value: unknown): value is Write => {
  if (!isObject(value)) return false;
  const { kind, draft, target, changes, completed } = value;
  if (kind === 'create') return isObject(draft);
  if (typeof target !== 'string' && !isTask(target)) return false;
  if (kind === 'update') return isObject(changes);
  return kind === 'complete' ? typeof completed === 'boolean' : kind === 'delete' || kind === 'restore';
};
