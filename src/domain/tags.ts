import type { Branded } from './brand.ts';
import type { Parsed } from './parsed.ts';
import { countCharacters, storageProblem } from './text.ts';

/** 1 to 50 characters after trimming, without U+0000 and lone surrogates. */
export type Tag = Branded<string, 'Tag'>;

export const maxTags = 20;
export const maxTagLength = 50;

/** Trims as JavaScript does, then counts. */
export const parseTag = (text: string): Parsed<Tag> => {
  const trimmed = text.trim();
  return isTag(trimmed) ? { ok: true, value: trimmed } : { ok: false, problem: tagProblem(trimmed) };
};

/** A tag given twice is kept once, where it stands first, and counts once. The list cannot be changed. */
export const parseTags = (tags: readonly Tag[]): Parsed<readonly Tag[]> => {
  const distinct = [...new Set(tags)];
  return distinct.length <= maxTags
    ? { ok: true, value: Object.freeze(distinct) }
    : { ok: false, problem: `must have at most ${maxTags} tags` };
};

const isTag = (text: string): text is Tag => tagProblem(text) === '';

/** The problem, or an empty string. */
const tagProblem = (text: string): string => {
  const length = countCharacters(text);
  return length >= 1 && length <= maxTagLength
    ? storageProblem(text)
    : `must have 1 to ${maxTagLength} characters`;
};
