import type { UserId } from '../../domain/user.ts';
import type { Trash, TrashPage, TrashQuery } from '../ports/trash.ts';

/** Returns one page of the user's deleted tasks, latest deletion first. */
export type ListTrash = (user: UserId, query: TrashQuery) => Promise<TrashPage>;

/** Creates {@link ListTrash}. */
export const listTrash =
  (deps: { trash: Trash }): ListTrash =>
  (user, query) =>
    deps.trash.list(user, query);
