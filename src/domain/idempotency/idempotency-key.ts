import type { Branded } from '../brand.ts';
import type { Parsed } from '../parsed.ts';

/** What a client names a write with, to send it again: 1 to 255 visible ASCII characters. */
export type IdempotencyKey = Branded<string, 'IdempotencyKey'>;

/** The longest key, in characters. */
export const maxKeyLength = 255;

/** How long the answer to a write is kept under its key. */
export const keyLifetimeHours = 24;

const visibleAscii = /^[\x21-\x7e]+$/;

export const parseIdempotencyKey = (text: string): Parsed<IdempotencyKey> =>
  isIdempotencyKey(text)
    ? { ok: true, value: text }
    : { ok: false, problem: `must have 1 to ${maxKeyLength} visible ASCII characters` };

const isIdempotencyKey = (text: string): text is IdempotencyKey =>
  text.length <= maxKeyLength && visibleAscii.test(text);
