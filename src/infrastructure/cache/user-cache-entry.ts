import type { TaskPage } from '../../application/ports/task-repository.ts';
import type { ListVersion } from '../../application/ports/list-version.ts';
import type { Task } from '../../domain/task.ts';

/**
 * The lists of a user in one version. They are promises, so that callers share a read that is under way. A read that
 * ends after its entry was replaced fills an entry that nothing refers to.
 */
export interface UserCacheEntry {
  readonly version: ListVersion;
  readonly pages: Map<string, Promise<TaskPage>>;
  /** Estimates of the memory that the pages take. */
  readonly bytesOfPages: Map<string, number>;
  /** An estimate of the memory that it takes. */
  bytes: number;
}

export const createEntry = (version: ListVersion): UserCacheEntry => ({
  version,
  pages: new Map(),
  bytesOfPages: new Map(),
  bytes: emptyEntryBytes,
});

export const isSameVersion = (one: ListVersion, other: ListVersion): boolean =>
  one.revision === other.revision && one.server === other.server;

/** Counts a page, and no longer those that were removed. */
export const countPage = (entry: UserCacheEntry, key: string, bytes: number): void => {
  entry.bytesOfPages.set(key, bytes);
  for (const counted of entry.bytesOfPages.keys())
    if (!entry.pages.has(counted)) entry.bytesOfPages.delete(counted);
  entry.bytes = [...entry.bytesOfPages.values()].reduce((sum, one) => sum + one, emptyEntryBytes);
};

const emptyEntryBytes = 1_000;

/** Counts the tasks as objects and once more as the bytes of a response; 390 is what every task takes besides its texts. */
export const bytesOf = (tasks: readonly Task[]): number =>
  tasks.reduce((sum, task) => sum + 390 + bytesOfTexts(Object.values(task).flat()), 200);

const bytesOfTexts = (values: readonly unknown[]): number =>
  values.reduce<number>((sum, value) => (typeof value === 'string' ? sum + bytesOfText(value) : sum), 0);

/** V8 stores a text of Latin-1 characters in one byte each, any other text in two bytes each. */
const bytesOfText = (text: string): number => {
  const encoded = Buffer.byteLength(text);
  return encoded + (encoded === text.length ? encoded : 2 * text.length);
};
