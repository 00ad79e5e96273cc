import { z } from 'zod';
import type { CurrentUser } from '../../../application/get-current-user.ts';
import { maxUserIdLength } from '../../../domain/user.ts';

const count = z.int().min(0);

/** A user as clients see them. */
export const userResource = z
  .object({
    id: z.string().min(1).max(maxUserIdLength).meta({ description: 'The user, as the token names them.' }),
    email: z
      .string()
      .nullable()
      .meta({ description: 'From the token, or from the last one that had it and wrote.' }),
    display_name: z.string().nullable().meta({ description: 'The same of the claim `name`.' }),
    created_at: z.iso
      .datetime({ precision: 3 })
      .nullable()
      .meta({ description: 'When the first task was created; null before that.' }),
    tasks: z.object({ total: count, pending: count, completed: count }),
    revision: count.meta({ description: "The user's write counter; 0 before the first write." }),
  })
  .meta({ id: 'User', description: 'The user of the token, and how many tasks there are.' });

type UserResource = z.infer<typeof userResource>;

/** Converts a user to JSON member names. */
export const toUserJson = (user: CurrentUser): UserResource => ({
  id: user.id,
  email: user.email,
  display_name: user.displayName,
  created_at: user.createdAt,
  tasks: { total: user.pending + user.completed, pending: user.pending, completed: user.completed },
  revision: user.revision,
});

/** The example in the OpenAPI document. */
export const aUser: UserResource = {
  id: 'user-1',
  email: 'ada@example.org',
  display_name: 'Ada Lovelace',
  created_at: '2026-11-21T08:00:00.000Z',
  tasks: { total: 3, pending: 1, completed: 2 },
  revision: 41,
};
