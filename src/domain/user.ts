import { countCharacters } from './text.ts';

declare const userId: unique symbol;

/** The id of a user: an opaque string of 1 to 255 characters. Only {@link parseUserId} creates one. */
export type UserId = string & { readonly [userId]: true };

/** The user of a token. Null: the token lacks this claim, and the stored value stays. */
export interface User {
  readonly id: UserId;
  readonly email: string | null;
  readonly displayName: string | null;
}

/** The longest user id, in characters. */
export const maxUserIdLength = 255;

// C0, DEL and C1 (Unicode category Cc): they are invisible in logs and terminals, and no issuer uses them.
const controlCharacter = /\p{Cc}/u;

/**
 * The user id in `value`, or null if it is not valid: not a string, empty, longer than {@link maxUserIdLength}
 * characters, with a control character, or with a lone surrogate.
 */
export const parseUserId = (value: unknown): UserId | null => (isUserId(value) ? value : null);

const isUserId = (value: unknown): value is UserId =>
  typeof value === 'string' &&
  value !== '' &&
  value.isWellFormed() &&
  !controlCharacter.test(value) &&
  countCharacters(value) <= maxUserIdLength;
