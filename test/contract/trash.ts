import type { TaskRepository } from '../../src/application/ports/task-repository.ts';
import type { Trash } from '../../src/application/ports/trash.ts';
import { trashIsolationTests } from './trash/isolation.ts';
import { trashListTests } from './trash/lists.ts';
import { purgeTests } from './trash/purges.ts';
import { trashRaceTests } from './trash/races.ts';
import { restorationTests } from './trash/restorations.ts';

/** A trash to test, the repository on its store, and the function that releases their resources. */
interface TrashUnderTest {
  readonly tasks: TaskRepository;
  readonly trash: Trash;
  close(): Promise<void>;
}

/** The tests of one file of the suite. The functions return the adapters, and may be called in tests only. */
export type TrashTests = (tasks: () => TaskRepository, trash: () => Trash) => void;

/** Tests that a trash does what the port promises. The tests share one store, and each has users of its own. */
export const trashContract = (name: string, makeTrash: () => Promise<TrashUnderTest>): void => {
  describe(`Trash: ${name}`, () => {
    let subject: TrashUnderTest | null = null;
    before(async () => {
      subject = await makeTrash();
    });
    after(() => subject?.close());

    const made = (): TrashUnderTest => {
      if (subject === null) throw new Error('The trash exists in tests only');
      return subject;
    };
    for (const [part, addTests] of parts)
      describe(part, () =>
        addTests(
          () => made().tasks,
          () => made().trash,
        ),
      );
  });
};

const parts: readonly (readonly [name: string, addTests: TrashTests])[] = [
  ['lists', trashListTests],
  ['restorations', restorationTests],
  ['purges', purgeTests],
  ['isolation of users', trashIsolationTests],
  ['concurrent writes', trashRaceTests],
];
