import type { UserId } from '../domain/user.ts';
import type { UserStore } from './ports/user-store.ts';

/** Erases everything that is stored of the user, who may go on afterwards. Throws as {@link UserStore} does. */
export type EraseCurrentUser = (user: UserId) => Promise<void>;

/** Creates {@link EraseCurrentUser}. */
export const eraseCurrentUser =
  (deps: { users: UserStore }): EraseCurrentUser =>
  (user) =>
    deps.users.erase(user);
