import type { UseCases } from '../../../application/use-cases.ts';
import type { Endpoint } from '../routing/endpoint.ts';
import { followTasks } from './follow-tasks.ts';
import { readTaskFields } from '../../task-representation/read-task-fields.ts';
import {
  representCreatedTask,
  representPage,
  representTask,
  representWrittenTask,
} from './represent-tasks.ts';
import { toExpectedRevisions } from './revision-tags.ts';
import { taskIdIn } from './task-id-in.ts';
import { aTask, changeExamples, completionExamples, draftExamples } from './task-examples.ts';
import { toChange, toDraft } from '../../task-representation/task-json.ts';
import { listQuery } from '../../task-representation/lists/list-parameters.ts';
import { readListRequest } from '../../task-representation/lists/read-list-request.ts';
import { withCurrentTask } from './revision-mismatch.ts';
import {
  taskChange,
  taskCompletion,
  taskDraft,
  taskList,
  taskResource,
} from '../../task-representation/task-schemas.ts';

type TaskUseCases = Pick<
  UseCases,
  | 'completeTask'
  | 'createTask'
  | 'deleteTask'
  | 'followRevisions'
  | 'getTask'
  | 'listTasksForUser'
  | 'updateTask'
>;

/** The endpoints of a user's tasks; both URL schemes have all of them. */
export const taskEndpoints = (use: TaskUseCases): readonly Endpoint[] => {
  const task = { schema: taskResource, example: aTask };
  const change = {
    path: '/{id}',
    body: { schema: taskChange, need: 'required', examples: changeExamples },
    conditional: 'If-Match',
    acceptsKey: true,
    success: { status: 200, description: 'The task as it is now.', body: task },
    problems: ['task_not_found', 'revision_mismatch', 'invalid_task'],
    answer: async ({ user, params, body, ifMatch, keyed }) => {
      const change = toChange(readTaskFields(taskChange, body));
      const written = await withCurrentTask(
        use.updateTask(user, taskIdIn(params), change, toExpectedRevisions(ifMatch), keyed),
      );
      return representWrittenTask(written);
    },
  } as const satisfies Partial<Endpoint>;

  return [
    {
      name: 'listTasks',
      method: 'GET',
      path: '',
      summary: 'List tasks',
      description:
        'The tasks that meet every condition, newest first unless `sort_by` names another order. A parameter and its other name ' +
        'exclude each other; so do `cursor`, `offset` and `page`.',
      query: listQuery,
      conditional: 'If-None-Match',
      success: {
        status: 200,
        description: 'A page of tasks; `Link` leads to other pages.',
        body: { schema: taskList, example: [aTask] },
        headers: ['Link', 'X-Total-Count'],
      },
      problems: ['invalid_query', 'invalid_cursor'],
      answer: async ({ user, basePath, search }) => {
        const request = readListRequest(search);
        const page = await use.listTasksForUser(user.id, request.query);
        return representPage(page, user.id, request, basePath);
      },
    },
    {
      name: 'createTask',
      method: 'POST',
      path: '',
      summary: 'Create a task',
      body: { schema: taskDraft, need: 'required', examples: draftExamples },
      acceptsKey: true,
      success: {
        status: 201,
        description: 'The stored task; `Location` is its URL.',
        body: task,
        headers: ['Location'],
      },
      problems: ['invalid_task'],
      answer: async ({ user, basePath, body, keyed }) => {
        const draft = toDraft(readTaskFields(taskDraft, body));
        return representCreatedTask(await use.createTask(user, draft, keyed), basePath);
      },
    },
    {
      name: 'getTask',
      method: 'GET',
      path: '/{id}',
      summary: 'Get a task',
      conditional: 'If-None-Match',
      success: { status: 200, description: 'The task.', body: task },
      problems: ['task_not_found'],
      answer: async ({ user, params }) => representTask(await use.getTask(user.id, taskIdIn(params))),
    },
    { ...change, name: 'replaceTask', method: 'PUT', summary: 'Change a task' },
    { ...change, name: 'updateTask', method: 'PATCH', summary: 'Change a task, as PUT does' },
    {
      name: 'completeTask',
      method: 'PATCH',
      path: '/{id}/complete',
      summary: 'Complete a task, or take that back',
      body: { schema: taskCompletion, need: 'optional', examples: completionExamples },
      conditional: 'If-Match',
      acceptsKey: true,
      success: { status: 200, description: 'The task as it is now.', body: task },
      problems: ['task_not_found', 'revision_mismatch', 'invalid_task'],
      answer: async ({ user, params, body, ifMatch, keyed }) => {
        const { completed } = readTaskFields(taskCompletion, body);
        const written = await withCurrentTask(
          use.completeTask(user, taskIdIn(params), completed, toExpectedRevisions(ifMatch), keyed),
        );
        return representWrittenTask(written);
      },
    },
    {
      name: 'deleteTask',
      method: 'DELETE',
      path: '/{id}',
      summary: 'Delete a task',
      description:
        'Moves it into the trash, from which it can be restored for some time, if the service keeps a trash.',
      conditional: 'If-Match',
      acceptsKey: true,
      success: { status: 204, description: 'The task is deleted; a second request is 404.' },
      problems: ['task_not_found', 'revision_mismatch'],
      answer: async ({ user, params, ifMatch, keyed }) => {
        const { isReplay } = await withCurrentTask(
          use.deleteTask(user, taskIdIn(params), toExpectedRevisions(ifMatch), keyed),
        );
        return { status: 204, isReplay };
      },
    },
    followTasks(use),
  ];
};
