import { createUseCases } from '../../../src/application/use-cases.ts';
import { memoryTaskRepository } from '../../../src/infrastructure/memory/task-repository.ts';
import { apiResources } from '../../../src/interfaces/http/api-resources.ts';
import type { ApiResource } from '../../../src/interfaces/http/routing/endpoint.ts';
import { manualScheduler } from '../manual-scheduler.ts';
import { fixedClockAndIds } from '../tasks/tasks.ts';

/** Every endpoint below /api, for tests that read only the descriptions of the endpoints. */
export const routedResources = (): readonly ApiResource[] => {
  const tasks = memoryTaskRepository();
  return apiResources(
    createUseCases({
      tasks,
      trash: tasks.trash,
      changes: tasks,
      users: tasks,
      clockAndIds: fixedClockAndIds(),
      scheduler: manualScheduler(),
      observe: () => undefined,
    }),
  );
};
