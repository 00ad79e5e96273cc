import { APIError, createAuthMiddleware } from 'better-auth/api';
import { z } from 'zod';
import { isStorable } from '../../src/domain/text.ts';

/** RFC 5321, section 4.5.3.1.3. Far longer ones do not fit into the index of PostgreSQL. */
const maxEmailLength = 254;

/**
 * Refuses requests to Better Auth with a text that PostgreSQL cannot store as it is, in any field. Better Auth leaves that to the
 * database, which fails (U+0000), or gets another text (half of a surrogate pair).
 */
export const refuseUnstorable = createAuthMiddleware(({ body, query, params }) => {
  if (![body, query, params].every(hasStorableTexts))
    throw invalid('Texts must not contain U+0000 or half of a surrogate pair.');
  if (hasLongEmail.safeParse(body).success)
    throw invalid(`The email must have at most ${maxEmailLength} characters.`);
  return Promise.resolve();
});

const hasLongEmail = z.looseObject({ email: z.string().min(maxEmailLength + 1) });

const invalid = (message: string) => new APIError('BAD_REQUEST', { code: 'VALIDATION_ERROR', message });

/** Reads values of any depth, and the names of their members. */
const hasStorableTexts = (value: unknown): boolean => {
  const found = [value];
  for (const one of found) {
    if (typeof one === 'string' && !isStorable(one)) return false;
    if (typeof one !== 'object' || one === null) continue;
    const members: [string, unknown][] = Object.entries(one);
    for (const [name, member] of members) found.push(name, member);
  }
  return true;
};
