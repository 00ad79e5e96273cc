import { hash } from 'node:crypto';
import type { ChangesPage } from '../../../application/ports/change-feed.ts';
import type { ExpectedRevisions } from '../../../application/ports/task-repository.ts';
import { isRevision, type Revision } from '../../../domain/task.ts';
import type { UserId } from '../../../domain/user.ts';
import { encodeCursor } from '../../task-representation/lists/cursor.ts';
import type { ListRequest } from '../../task-representation/lists/read-list-request.ts';

/** Strong (RFC 9110, section 8.8.3): two responses with one revision are identical byte for byte. */
export const taskTag = (revision: Revision): string => `"${revision}"`;

/** Weak, of the user's counter, the user and the query: other users and other queries have other tags. */
export const listTag = (user: UserId, { query, paging }: ListRequest, revision: Revision): string => {
  const { selection, limit, after, offset, count } = query;
  const cursor = after === null ? '' : encodeCursor(selection, after);
  // Header fields depend on these. A user id has no control characters.
  const more = paging === 'cursor' && !count ? '' : `\0${paging}\0${offset}\0${count}`;
  return weakTag(revision, `${selection.key}\0${limit}\0${cursor}\0${user}${more}`);
};

/** Weak, of all that a response depends on. */
export const changesTag = (
  user: UserId,
  since: Revision,
  limit: number,
  { revision, completeFrom }: ChangesPage,
): string => weakTag(revision, `changes\0${since}\0${limit}\0${completeFrom}\0${user}`);

const weakTag = (revision: Revision, resource: string): string =>
  `W/"${revision}-${hash('sha256', resource, 'base64url').slice(0, 16)}"`;

/** The revisions that these entity tags name. Weak tags, and tags that are not written as {@link taskTag} does, name none. */
export const toExpectedRevisions = (tags: readonly string[] | undefined): ExpectedRevisions | undefined =>
  tags?.map(toRevision).filter((revision) => revision !== null);

const canonicalTag = /^"([1-9]\d{0,15})"$/;

const toRevision = (tag: string): Revision | null => {
  const revision = Number(canonicalTag.exec(tag)?.[1] ?? Number.NaN);
  return isRevision(revision) ? revision : null;
};
