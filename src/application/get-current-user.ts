import type { User } from '../domain/user.ts';
import type { UserStore, UserSummary } from './ports/user-store.ts';

/** The user of the token, with what is stored about them. */
export interface CurrentUser extends User, UserSummary {}

/** Returns the user. Email and display name are those of the token, otherwise the stored ones. Throws `unavailable`. */
export type GetCurrentUser = (user: User) => Promise<CurrentUser>;

/** Creates {@link GetCurrentUser}. */
export const getCurrentUser =
  (deps: { users: UserStore }): GetCurrentUser =>
  async ({ id, email, displayName }) => {
    const stored = await deps.users.summary(id);
    return { ...stored, id, email: email ?? stored.email, displayName: displayName ?? stored.displayName };
  };
