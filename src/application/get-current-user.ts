import type { Owner } from '../domain/user.ts';
import type { UserReader, UserSummary } from './ports/user-reader.ts';

/** A user as the service sees them. */
export interface CurrentUser extends Owner, UserSummary {}

/** The token's word on email and display name comes first, for it is the newest; then what is kept. */
export type GetCurrentUser = (owner: Owner) => Promise<CurrentUser>;

export const getCurrentUser =
  (deps: { users: UserReader }): GetCurrentUser =>
  async ({ id, email, displayName }) => {
    const kept = await deps.users.summary(id);
    return { ...kept, id, email: email ?? kept.email, displayName: displayName ?? kept.displayName };
  };
