import type { Trash, TrashQuery } from '../../../src/application/ports/trash.ts';
import type { TrashedTask } from '../../../src/domain/task.ts';
import type { UserId } from '../../../src/domain/user.ts';

/** The first page of a trash, unless overridden. */
export const aTrashQuery = (overrides: Partial<TrashQuery> = {}): TrashQuery => ({
  limit: 1000,
  before: null,
  ...overrides,
});

/** All tasks in the trash of a user, in pages of this size. */
export const readTrash = async (
  trash: Trash,
  user: UserId,
  limit = 1000,
): Promise<readonly TrashedTask[]> => {
  const read: TrashedTask[] = [];
  let before: TrashQuery['before'] = null;
  do {
    const page = await trash.list(user, { limit, before });
    read.push(...page.tasks);
    before = page.next;
  } while (before !== null);
  return read;
};
