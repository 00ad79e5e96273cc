import type { TaskPage } from '../../../application/ports/task-repository.ts';
import type { WrittenTask } from '../../../application/written.ts';
import type { Task } from '../../../domain/task.ts';
import type { UserId } from '../../../domain/user.ts';
import type { JsonRepresentation } from '../routing/respond.ts';
import { pageLinks } from './lists/page-links.ts';
import type { ListRequest } from '../../task-representation/lists/read-list-request.ts';
import { listTag, taskTag } from './revision-tags.ts';
import { serializePage, serializeTask } from './serialize-tasks.ts';

export const representTask = (task: Task): JsonRepresentation => ({
  status: 200,
  entityTag: taskTag(task.revision),
  json: () => serializeTask(task),
});

export const representWrittenTask = ({ task, isReplay }: WrittenTask): JsonRepresentation => ({
  ...representTask(task),
  isReplay,
});

/** 201, with the `Location` of the task in the URL scheme that was called. */
export const representCreatedTask = (written: WrittenTask, basePath: string): JsonRepresentation => ({
  ...representWrittenTask(written),
  status: 201,
  headers: { Location: `${basePath}/${written.task.id}` },
});

export const representPage = (
  page: TaskPage,
  user: UserId,
  request: ListRequest,
  basePath: string,
): JsonRepresentation => {
  const link = pageLinks(basePath, request, page);
  return {
    status: 200,
    entityTag: listTag(user, request, page.revision),
    json: () => serializePage(page),
    headers: {
      ...(link === undefined ? {} : { Link: link }),
      ...(page.total === null ? {} : { 'X-Total-Count': `${page.total}` }),
    },
  };
};
