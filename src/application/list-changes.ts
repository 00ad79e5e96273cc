import { revisionExpired } from '../domain/errors.ts';
import type { Revision } from '../domain/task.ts';
import type { UserId } from '../domain/user.ts';
import type { Change, ChangeFeed, ChangesPage } from './ports/change-feed.ts';

/** Changes for one response. */
export interface ListedChanges extends ChangesPage {
  /** Further changes, beyond the limit, that belong to the same response; null: none. */
  readonly rest: RestOfChanges | null;
}

/**
 * Reads a page of changes at a time, each when the one before it is used up. Together with the first page each task is in them
 * once, in ascending order of revision. Returns whether there are more changes after them. Throws as {@link ChangeFeed.after}.
 */
export type RestOfChanges = AsyncGenerator<readonly Change[], boolean>;

/**
 * Returns what changed after `since`, the last revision that the client has seen; 0 is the beginning. Throws `revision_expired`
 * where that can no longer be known: the client has to begin again at 0.
 */
export type ListChanges = (user: UserId, since: Revision, limit: number) => Promise<ListedChanges>;

/** Creates {@link ListChanges}. */
export const listChanges =
  (deps: { changes: ChangeFeed }): ListChanges =>
  async (user, since, limit) => {
    const page = await deps.changes.after(user, since, limit);
    if (since === 0) return { ...page, rest: isIncomplete(page) ? restOf(deps.changes, user, page) : null };
    if (since < page.completeFrom || since > page.revision) throw revisionExpired();
    return { ...page, rest: null };
  };

/**
 * A client that begins has to get past `completeFrom` by its first request: with the next one it could not be told from a client
 * that has not asked for a long time.
 */
const isIncomplete = (page: ChangesPage): boolean => page.hasMore && lastOf(page) < page.completeFrom;

/** At most about 5 MB in memory, with the longest texts. */
const pageSize = 1_000;

const restOf = async function* (feed: ChangeFeed, user: UserId, first: ChangesPage): RestOfChanges {
  let page = first;
  do {
    page = await feed.after(user, lastOf(page), pageSize);
    // A task that has changed since the first page may be in it already. The client gets its change with the next request.
    yield page.changes.filter((change) => change.revision <= first.revision);
    if (lastOf(page) >= first.revision) return false;
  } while (isIncomplete(page));
  return page.hasMore;
};

const lastOf = ({ changes, revision }: ChangesPage): Revision => changes.at(-1)?.revision ?? revision;
