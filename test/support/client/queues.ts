import {
  webStorage,
  type Client,
  type Outcome,
  type Queue,
  type QueuedWrite,
  type QueueOptions,
  type WebStorage,
} from '../../../client/src/taskhold.ts';
import { until } from '../until.ts';

/** A queue, and what it has reported. Disposing of it closes it, as when a page is closed. */
export interface WatchedQueue extends Disposable {
  readonly queue: Queue;
  /** In the order of the reports: how each write ended, with the title, or the code of the error. */
  readonly settled: readonly (readonly [status: Outcome['status'], what: string | null])[];
  /** Waits for this number of reports. */
  reports(count: number): Promise<void>;
}

export const startQueue = (client: Client, options: QueueOptions = {}): WatchedQueue => {
  const settled: (readonly [Outcome['status'], string | null])[] = [];
  const onSettled = (_: QueuedWrite, outcome: Outcome): void => {
    const what =
      outcome.status === 'done'
        ? (outcome.task?.title ?? null)
        : outcome.status === 'refused'
          ? outcome.error.code
          : null;
    settled.push([outcome.status, what]);
  };
  const queue = client.queue({ retryDelayMs: 20, ...options, onSettled });
  return {
    queue,
    settled,
    reports: (count) => until(`${count} writes are settled`, () => settled.length === count),
    [Symbol.dispose]: () => queue.close(),
  };
};

/** `localStorage` as a browser has it: it outlives a page. `fill` leaves no room for a further character. */
export const localStorageOf = (): WebStorage & { fill(): void } => {
  const items = new Map<string, string>();
  const used = (): number => [...items].flat().join('').length;
  let maxCharacters = Infinity;
  return {
    get length() {
      return items.size;
    },
    key: (index) => [...items.keys()][index] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => {
      const added = value.length - (items.get(key)?.length ?? -key.length);
      if (used() + added > maxCharacters) throw new DOMException('It is full', 'QuotaExceededError');
      items.set(key, value);
    },
    removeItem: (key) => void items.delete(key),
    fill: () => void (maxCharacters = used()),
  };
};

/** An entry as a page left it. */
export const leftEntry = (title: string, id: string, sentAt: number | null): QueuedWrite => ({
  id,
  queuedAt: 1,
  sentAt,
  write: { kind: 'create', draft: { title } },
});

export const storageWith = (user: string, ...entries: readonly QueuedWrite[]) => {
  const storage = webStorage(localStorageOf(), user);
  for (const entry of entries) void storage.put(entry);
  return storage;
};
