import type { UseCases } from '../../../../application/use-cases.ts';
import type { Endpoint } from '../../routing/endpoint.ts';
import { representWrittenTask } from '../represent-tasks.ts';
import { withCurrentTask } from '../revision-mismatch.ts';
import { toExpectedRevisions } from '../revision-tags.ts';
import { aTask, aTrashedTask } from '../task-examples.ts';
import { taskIdIn } from '../task-id-in.ts';
import { taskResource, trashList } from '../../../task-representation/task-schemas.ts';
import { representTrash } from './represent-trash.ts';
import { readTrashQuery, trashParameters } from './trash-query.ts';

type TrashUseCases = Pick<UseCases, 'emptyTrash' | 'listTrash' | 'purgeTask' | 'restoreTask'>;

/** The endpoints of a user's deleted tasks; both URL schemes have all of them. */
export const trashEndpoints = (use: TrashUseCases): readonly Endpoint[] => [
  {
    name: 'listTrash',
    method: 'GET',
    path: '/trash',
    summary: 'List deleted tasks',
    description: 'The tasks in the trash, latest deletion first. Their `revision` is that of the deletion.',
    query: trashParameters,
    conditional: 'If-None-Match',
    success: {
      status: 200,
      description: 'A page of deleted tasks; `Link` leads to the next page.',
      body: { schema: trashList, example: [aTrashedTask] },
      headers: ['Link'],
    },
    problems: ['invalid_query', 'invalid_cursor'],
    answer: async ({ user, basePath, search }) => {
      const query = readTrashQuery(search);
      return representTrash(await use.listTrash(user.id, query), user.id, query, basePath);
    },
  },
  {
    name: 'restoreTask',
    method: 'POST',
    path: '/{id}/restore',
    summary: 'Restore a deleted task',
    description:
      'Takes the task out of the trash: it comes back as it was, with a new `revision` and `updated_at`.',
    conditional: 'If-Match',
    acceptsKey: true,
    success: {
      status: 200,
      description: 'The task as it is now.',
      body: { schema: taskResource, example: aTask },
    },
    problems: ['task_not_found', 'revision_mismatch'],
    answer: async ({ user, params, ifMatch, keyed }) =>
      representWrittenTask(
        await withCurrentTask(use.restoreTask(user, taskIdIn(params), toExpectedRevisions(ifMatch), keyed)),
      ),
  },
  {
    name: 'purgeTask',
    method: 'DELETE',
    path: '/trash/{id}',
    summary: 'Delete a task in the trash for good',
    success: { status: 204, description: 'The task is gone for good; a second request is 404.' },
    problems: ['task_not_found'],
    answer: async ({ user, params }) => {
      await use.purgeTask(user.id, taskIdIn(params));
      return { status: 204 };
    },
  },
  {
    name: 'emptyTrash',
    method: 'DELETE',
    path: '/trash',
    summary: 'Delete all tasks in the trash for good',
    success: { status: 204, description: 'The trash is empty, also where it was before.' },
    problems: [],
    answer: async ({ user }) => {
      await use.emptyTrash(user.id);
      return { status: 204 };
    },
  },
];
