import type { TaskRepository } from '../../src/application/ports/task-repository.ts';
import { keepsAliasesOut } from './task-repository/aliases.ts';
import { changesTasks } from './task-repository/changes.ts';
import { storesEveryField } from './task-repository/fields.ts';
import { isolatesOwners } from './task-repository/isolation.ts';
import { pagesLists } from './task-repository/paging.ts';
import { settlesRaces } from './task-repository/races.ts';
import { countsRevisions } from './task-repository/revisions.ts';
import { keepsTasks } from './task-repository/round-trips.ts';
import { keepsText } from './task-repository/text.ts';

/** A repository to prove, and what to do when done with it. */
export interface RepositoryUnderTest {
  readonly tasks: TaskRepository;
  close(): Promise<void>;
}

/** The part of the suite that a file holds; it asks for the repository inside its tests. */
export type Chapter = (tasks: () => TaskRepository) => void;

/** Proves what the port promises, of one repository. Its tests share a store, and no owner. */
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

    const tasks = (): TaskRepository => {
      if (subject === null) throw new Error('There is no repository outside of tests');
      return subject.tasks;
    };
    for (const [chapter, prove] of chapters) describe(chapter, () => prove(tasks));
  });
};

const chapters: readonly (readonly [name: string, prove: Chapter])[] = [
  ['keeps tasks', keepsTasks],
  ['stores every field', storesEveryField],
  ['changes tasks', changesTasks],
  ['keeps text', keepsText],
  ['isolates owners', isolatesOwners],
  ['pages lists', pagesLists],
  ['counts revisions', countsRevisions],
  ['settles races', settlesRaces],
  ['keeps aliases out', keepsAliasesOut],
];
