import { isCertain, type KnownTask } from '../faults/clients/ledger.ts';
import type { TaskJson } from '../faults/clients/reads.ts';

/** Whether the stored task contradicts the acknowledged writes. */
export const isLost = (known: KnownTask, there: TaskJson | undefined): boolean => {
  if (known.isDeleted) return there !== undefined;
  if (there === undefined) return known.uncertain !== 'delete';
  if (!isCertain(known)) return there.revision < known.revision;
  return (
    there.revision !== known.revision || there.title !== known.title || there.completed !== known.completed
  );
};
