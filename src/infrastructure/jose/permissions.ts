import type { Permissions } from '../../application/ports/token-verifier.ts';

const everything: Permissions = { read: true, write: true };

/**
 * Reads a `scope` claim: words separated by spaces (RFC 8693, section 4.2), or an array of such strings. Scopes that begin with
 * `tasks:` limit the token to what they name; other scopes are of other services. Commas separate too: some issuers write
 * them, and a scope that is overlooked would allow everything. Null: the claim is of another type.
 */
export const readPermissions = (claim: unknown): Permissions | null => {
  const words = wordsOf(claim);
  if (words === null) return null;
  if (!words.some((word) => word.startsWith('tasks:'))) return everything;
  return { read: words.includes('tasks:read'), write: words.includes('tasks:write') };
};

const wordsOf = (claim: unknown): readonly string[] | null => {
  if (claim === undefined || claim === null) return [];
  const texts: readonly unknown[] = Array.isArray(claim) ? claim : [claim];
  if (!texts.every((text) => typeof text === 'string')) return null;
  return texts.flatMap((text) => text.split(/[\s,]+/));
};
