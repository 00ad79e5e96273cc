import { hash } from 'node:crypto';
import { HttpProblem } from '../problems/problem.ts';

/** A strong entity tag (RFC 9110, section 8.8.3) for a body that depends on more than a revision. */
export const bodyTag = (body: string): string => `"${hash('sha256', body, 'base64url').slice(0, 16)}"`;

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
 * The entity tags of an If-Match (RFC 9110, section 13.1.1); undefined where there is none, and for `*`, which every task
 * that exists satisfies. Throws `malformed_request`.
 */
export const readIfMatch = (header: string | undefined): readonly string[] | undefined => {
  if (header === undefined || header === '*') return undefined;
  const tags = parseTags(header);
  if (tags === null) {
    throw new HttpProblem('malformed_request', 'If-Match must be a list of entity tags, such as "41", or *.');
  }
  return tags;
};

/** Whether an If-None-Match (RFC 9110, section 13.1.2, weak comparison) names this tag; a malformed one names none. */
export const matchesEntityTag = (header: string | undefined, tag: string): boolean => {
  if (header === undefined) return false;
  if (header === '*' || header === tag) return true;
  return (parseTags(header) ?? []).some((candidate) => stripWeakPrefix(candidate) === stripWeakPrefix(tag));
};

const stripWeakPrefix = (tag: string): string => tag.replace(/^W\//, '');
