import type { UserId } from '../../domain/user.ts';
import type { Trash } from '../ports/trash.ts';

/** Deletes all tasks in the user's trash for good. An empty trash is no error. */
export type EmptyTrash = (user: UserId) => Promise<void>;

/** Creates {@link EmptyTrash}. */
export const emptyTrash =
  (deps: { trash: Trash }): EmptyTrash =>
  (user) =>
    deps.trash.purgeAll(user);
