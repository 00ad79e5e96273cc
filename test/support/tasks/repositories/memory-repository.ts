import type { TaskRepository } from '../../../../src/application/ports/task-repository.ts';
import type { UserStore } from '../../../../src/application/ports/user-store.ts';
import { memoryTaskRepository } from '../../../../src/infrastructure/memory/task-repository.ts';

interface MemoryRepository {
  readonly tasks: TaskRepository & UserStore;
  /** Lets 24 hours pass. */
  expireKeys(): Promise<void>;
  close(): Promise<void>;
}

/** A memory repository on a clock that only the test moves. */
export const memoryRepository = (): MemoryRepository => {
  let milliseconds = 0;
  return {
    tasks: memoryTaskRepository({ now: () => milliseconds }),
    expireKeys: () => {
      milliseconds += 86_400_000;
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
};
