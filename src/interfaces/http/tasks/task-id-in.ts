import { readTaskId, type TaskId } from '../../../domain/task.ts';
import type { Call } from '../routing/endpoint.ts';

/** The id in the path; a malformed one is that of no task. */
export const taskIdIn = (params: Call['params']): TaskId => readTaskId(params['id'] ?? '');
