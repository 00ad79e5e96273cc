import type { TaskRepository } from '../../src/application/ports/task-repository.ts';
import { copyTests } from './task-repository/aliases.ts';
import { changeTests } from './task-repository/changes.ts';
import { fieldTests } from './task-repository/fields.ts';
import { keyTests } from './task-repository/keys.ts';
import { isolationTests } from './task-repository/isolation.ts';
import { movingTests } from './task-repository/lists/changes.ts';
import { countTests } from './task-repository/lists/counts.ts';
import { filterTests } from './task-repository/lists/filters.ts';
import { offsetTests } from './task-repository/lists/offsets.ts';
import { orderTests } from './task-repository/lists/orders.ts';
import { positionTests } from './task-repository/lists/positions.ts';
import { searchTests } from './task-repository/lists/search.ts';
import { pagingTests } from './task-repository/paging.ts';
import { concurrencyTests } from './task-repository/races.ts';
import { revisionTests } from './task-repository/revisions.ts';
import { roundTripTests } from './task-repository/round-trips.ts';
import { textTests } from './task-repository/text.ts';

/** A repository to test, and the function that releases its resources. */
export interface RepositoryUnderTest {
  readonly tasks: TaskRepository;
  /** Lets 24 hours pass on the clock by which keys expire. */
  expireKeys(): Promise<void>;
  close(): Promise<void>;
}

/** The tests of one file of the suite. `tasks` returns the repository, and may be called in tests only. */
export type ContractTests = (tasks: () => TaskRepository, expireKeys: () => Promise<void>) => void;

/** Tests that a repository does what the port promises. The tests share one store, and each has users of its own. */
export const taskRepositoryContract = (
  name: string,
  makeRepository: () => Promise<RepositoryUnderTest>,
): void => {
  describe(`TaskRepository: ${name}`, () => {
    let subject: RepositoryUnderTest | null = null;
    before(async () => {
      subject = await makeRepository();
    });
    after(() => subject?.close());

    const started = (): RepositoryUnderTest => {
      if (subject === null) throw new Error('The repository exists in tests only');
      return subject;
    };
    const tasks = () => started().tasks;
    const expireKeys = () => started().expireKeys();
    for (const [part, addTests] of parts) describe(part, () => addTests(tasks, expireKeys));
  });
};

const parts: readonly (readonly [name: string, addTests: ContractTests])[] = [
  ['adding, finding and removing', roundTripTests],
  ['every field', fieldTests],
  ['changing', changeTests],
  ['text', textTests],
  ['isolation of users', isolationTests],
  ['pages', pagingTests],
  ['filters of lists', filterTests],
  ['search', searchTests],
  ['orders of lists', orderTests],
  ['positions in lists', positionTests],
  ['offsets', offsetTests],
  ['counts', countTests],
  ['lists after changes', movingTests],
  ['revisions', revisionTests],
  ['concurrent writes', concurrencyTests],
  ['keys of requests', keyTests],
  ['copies of arguments and results', copyTests],
];
