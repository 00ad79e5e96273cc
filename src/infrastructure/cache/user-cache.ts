import { LRUCache } from 'lru-cache';
import type { UserId } from '../../domain/user.ts';
import type { ListVersion } from '../../application/ports/list-version.ts';
import { countPage, createEntry, isSameVersion, type UserCacheEntry } from './user-cache-entry.ts';

/** The cache entries of all users, within bounds: the one that was not used for longest is removed first. */
interface UserCache {
  /** The user's entry of this version; it replaces one of another version. */
  open(user: UserId, version: ListVersion): UserCacheEntry;
  /** Counts the memory of a page of an entry; without effect once the entry was replaced or removed. */
  countPage(user: UserId, entry: UserCacheEntry, key: string, bytes: number): void;
  clear(): void;
}

// A list of 20 ordinary tasks, as objects and as bytes, with the overhead: 10,000 users take 130 MB.
const bytesPerUser = 14_500;
/** A list of two thousand ordinary tasks: no user takes the memory of more than a hundred others. */
const maxBytesOfUser = 1_450_000;

/** Keeps at most `maxUsers` entries, which take 14.5 kB each on average, whatever the sizes of their lists. */
export const createUserCache = (maxUsers: number): UserCache => {
  const entries = new LRUCache<UserId, UserCacheEntry>({
    max: maxUsers,
    maxSize: maxUsers * bytesPerUser,
    maxEntrySize: Math.min(maxUsers * bytesPerUser, maxBytesOfUser),
  });

  return {
    open: (user, version) => {
      const known = entries.get(user);
      if (known !== undefined && isSameVersion(known.version, version)) return known;
      const entry = createEntry(version);
      entries.set(user, entry, { size: entry.bytes });
      return entry;
    },

    countPage: (user, entry, key, bytes) => {
      countPage(entry, key, bytes);
      if (entries.peek(user) !== entry) return;
      // The size is taken when a value is set, and not where the value is the same.
      entries.delete(user);
      entries.set(user, entry, { size: entry.bytes });
    },

    clear: () => entries.clear(),
  };
};
