import type { ExportedPage } from '../../../src/application/export-tasks.ts';
import type { Task, TrashedTask } from '../../../src/domain/task.ts';

/** An export as a whole. */
export interface Exported {
  readonly tasks: readonly Task[];
  readonly trash: readonly TrashedTask[];
}

/** Reads all pages. `received` runs after each of them, before the next one is read. */
export const readExport = async (
  pages: AsyncIterable<ExportedPage>,
  received: (page: ExportedPage, index: number) => Promise<unknown> = () => Promise.resolve(),
): Promise<Exported> => {
  const tasks: Task[] = [];
  const trash: TrashedTask[] = [];
  let index = 0;
  for await (const page of pages) {
    if (page.section === 'tasks') tasks.push(...page.tasks);
    else trash.push(...page.tasks);
    await received(page, index);
    index += 1;
  }
  return { tasks, trash };
};

export const idsOf = (tasks: readonly Task[]): readonly string[] => tasks.map(({ id }) => id);
