import { isTaskId } from '../../../domain/task.ts';

/** The newest tasks of the user. */
export const listUri = 'tasks://list';

/** One task; RFC 6570, level 1. */
export const taskUriTemplate = 'task://{id}';

/** Whether this service has resources with such an address. */
export const isTaskResource = (uri: string): boolean =>
  uri === listUri || (uri.startsWith(taskUri('')) && isTaskId(uri.slice(taskUri('').length)));

export const taskUri = (id: string): string => taskUriTemplate.replace('{id}', id);
