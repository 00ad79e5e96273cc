import { hash } from 'node:crypto';
import type { ExpectedRevisions, TaskQuery } from '../../../application/ports/task-repository.ts';
import type { UserId } from '../../../domain/user.ts';
import { isRevision, type Revision } from '../../../domain/task.ts';
import { encodeCursor } from '../tasks/cursor.ts';
import { HttpProblem } from '../problems/problem.ts';

/** RFC 9110, section 8.8.3: strong, because two answers with one revision are the same to the byte. */
export const taskTag = (revision: Revision): string => `"${revision}"`;

/** Strong, for what depends on more than a revision. */
export const bodyTag = (body: string): string => `"${hash('sha256', body, 'base64url').slice(0, 16)}"`;

/** Weak, of the owner's counter, the owner and the query: other owners and other queries have other tags. */
export const listTag = (owner: UserId, query: TaskQuery, revision: Revision): string => {
  const cursor = query.after === null ? '' : encodeCursor(query.status, query.after);
  const resource = hash('sha256', `${query.status}\0${query.limit}\0${cursor}\0${owner}`, 'base64url');
  return `W/"${revision}-${resource.slice(0, 16)}"`;
};

const entityTag = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/y;
const separator = /[ \t]*(?:,[ \t]*)+/y;

/** The tags of a list (RFC 9110, section 5.6.1: empty elements are allowed), or null where it is none. */
const parseTags = (header: string): readonly string[] | null => {
  const tags: string[] = [];
  let position = 0;
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = position;
    const found = pattern.exec(header)?.[0] ?? null;
    position += found?.length ?? 0;
    return found;
  };
  take(separator);
  while (position < header.length) {
    const tag = take(entityTag);
    if (tag === null) return null;
    tags.push(tag);
    if (take(separator) === null && position < header.length) return null;
  }
  return tags.length > 0 ? tags : null;
};

/**
 * The revisions that an If-Match (RFC 9110, section 13.1.1) is content with; undefined for none and for `*`, which
 * any task that is there satisfies. Weak tags, and tags that are no revision as we write it, match nothing.
 * Throws `malformed_request`.
 */
export const readIfMatch = (header: string | undefined): ExpectedRevisions | undefined => {
  if (header === undefined || header === '*') return undefined;
  const tags = parseTags(header);
  if (tags === null) {
    throw new HttpProblem('malformed_request', 'If-Match must be a list of entity tags, such as "41", or *.');
  }
  return tags.map(toRevision).filter((revision) => revision !== null);
};

const canonicalTag = /^"([1-9]\d{0,15})"$/;

const toRevision = (tag: string): Revision | null => {
  const revision = Number(canonicalTag.exec(tag)?.[1] ?? Number.NaN);
  return isRevision(revision) ? revision : null;
};

/** Whether an If-None-Match (RFC 9110, section 13.1.2, weak comparison) names this tag; nonsense names nothing. */
export const namesTag = (header: string | undefined, tag: string): boolean => {
  if (header === undefined) return false;
  if (header === '*' || header === tag) return true;
  return (parseTags(header) ?? []).some((candidate) => stripWeakPrefix(candidate) === stripWeakPrefix(tag));
};

const stripWeakPrefix = (tag: string): string => tag.replace(/^W\//, '');
