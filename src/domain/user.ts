import { countCharacters } from './text.ts';

declare const userId: unique symbol;

/** Whose task it is: an opaque string of 1 to 255 characters, minted by {@link parseUserId} alone. */
export type UserId = string & { readonly [userId]: true };

/** The user as the token presents them; what a token does not carry is null and changes nothing that is kept. */
export interface Owner {
  readonly id: UserId;
  readonly email: string | null;
  readonly displayName: string | null;
}

/** The longest user id, in characters. */
export const maxUserIdLength = 255;

// C0, DEL and C1 (Unicode category Cc): invisible in a log or a terminal, and no issuer uses them.
const controlCharacter = /\p{Cc}/u;

/**
 * The user id in `value`, or null where it is none: not a string, empty, longer than {@link maxUserIdLength}
 * characters, with a control character, or with a lone surrogate.
 */
export const parseUserId = (value: unknown): UserId | null => (isUserId(value) ? value : null);

const isUserId = (value: unknown): value is UserId =>
  typeof value === 'string' &&
  value !== '' &&
  value.isWellFormed() &&
  !controlCharacter.test(value) &&
  countCharacters(value) <= maxUserIdLength;
