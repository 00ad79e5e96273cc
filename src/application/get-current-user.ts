import type { Owner } from '../domain/user.ts';
import type { UserReader, UserSummary } from './ports/user-reader.ts';

/** The user of the token, with what is stored about them. */
export interface CurrentUser extends Owner, UserSummary {}

/** Email and display name come from the token, which is the newest source; where it lacks them, from the store. */
export type GetCurrentUser = (owner: Owner) => Promise<CurrentUser>;

export const getCurrentUser =
  (deps: { users: UserReader }): GetCurrentUser =>
  async ({ id, email, displayName }) => {
    const kept = await deps.users.summary(id);
    return { ...kept, id, email: email ?? kept.email, displayName: displayName ?? kept.displayName };
  };
