import type { Action } from '../history.ts';

export interface TaskRequest {
  readonly method: string;
  readonly path: string;
  readonly json?: unknown;
  readonly ifMatch?: string;
  /** Whether the endpoint takes an `Idempotency-Key`. */
  readonly acceptsKey: boolean;
}

/** The request for an action on the task `id`. `changeBy`: the method of a change; both mean the same. */
export const requestOf = (id: string, action: Action, changeBy: 'PUT' | 'PATCH'): TaskRequest => {
  const path = `/api/tasks/${id}`;
  const ifMatch = 'ifMatch' in action && action.ifMatch !== null ? { ifMatch: `"${action.ifMatch}"` } : {};
  switch (action.kind) {
    case 'create':
      return { method: 'POST', path: '/api/tasks', json: { title: action.title }, acceptsKey: true };
    case 'change':
      return { method: changeBy, path, json: { title: action.title }, acceptsKey: true, ...ifMatch };
    case 'complete': {
      const json = action.completed === null ? {} : { completed: action.completed };
      return { method: 'PATCH', path: `${path}/complete`, json, acceptsKey: true, ...ifMatch };
    }
    case 'delete':
      return { method: 'DELETE', path, acceptsKey: true, ...ifMatch };
    case 'restore':
      return { method: 'POST', path: `${path}/restore`, acceptsKey: true, ...ifMatch };
    case 'purge':
      return { method: 'DELETE', path: `/api/tasks/trash/${id}`, acceptsKey: false };
    case 'empty the trash':
      return { method: 'DELETE', path: '/api/tasks/trash', acceptsKey: false };
    case 'read':
      return { method: 'GET', path, acceptsKey: false };
    case 'read in the trash':
      throw new Error('The API has no request for one task in the trash');
  }
};
