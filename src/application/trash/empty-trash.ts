import type { UserId } from '../../domain/user.ts';
import type { ClockAndIds } from '../ports/clock-and-ids.ts';
import type { Trash } from '../ports/trash.ts';

/** Deletes all tasks in the user's trash for good. An empty trash is no error. */
export type EmptyTrash = (user: UserId) => Promise<void>;

/** Creates {@link EmptyTrash}; the clock gives the time. */
export const emptyTrash =
  (deps: { trash: Trash; clockAndIds: ClockAndIds }): EmptyTrash =>
  (user) =>
    deps.trash.purgeAll(user, deps.clockAndIds.now());
