import type { z } from 'zod';
import type { taskDraft } from '../../../src/interfaces/task-representation/task-schemas.ts';
import { taskOf, type TaskBody } from '../http/response-schemas.ts';
import type { RequestOptions, Answer } from '../http/http-client.ts';
import type { User } from '../http/service.ts';

/** A request of sections 2 and 9 of the contract. */
export interface TaskRequest {
  readonly name: string;
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: '' | '/{id}' | '/{id}/complete' | '/{id}/restore' | '/changes' | '/trash' | '/trash/{id}';
  readonly query?: string;
  /** A valid body. */
  readonly json?: unknown;
  readonly status: 200 | 201 | 204;
  /** The id is that of a task in the trash. */
  readonly isOfTrash?: true;
}

/** All requests, each valid as it is. Written from the contract, not taken from the router's list of endpoints. */
export const taskRequests: readonly TaskRequest[] = [
  { name: 'list', method: 'GET', path: '', status: 200 },
  { name: 'list (HEAD)', method: 'HEAD', path: '', status: 200 },
  { name: 'changes', method: 'GET', path: '/changes', query: '?since=0', status: 200 },
  { name: 'changes (HEAD)', method: 'HEAD', path: '/changes', query: '?since=0', status: 200 },
  { name: 'create', method: 'POST', path: '', json: { title: 'Buy bread' }, status: 201 },
  { name: 'get', method: 'GET', path: '/{id}', status: 200 },
  { name: 'get (HEAD)', method: 'HEAD', path: '/{id}', status: 200 },
  { name: 'put', method: 'PUT', path: '/{id}', json: { title: 'Buy bread' }, status: 200 },
  { name: 'patch', method: 'PATCH', path: '/{id}', json: { title: 'Buy bread' }, status: 200 },
  { name: 'complete', method: 'PATCH', path: '/{id}/complete', status: 200 },
  { name: 'delete', method: 'DELETE', path: '/{id}', status: 204 },
  { name: 'list trash', method: 'GET', path: '/trash', status: 200 },
  { name: 'list trash (HEAD)', method: 'HEAD', path: '/trash', status: 200 },
  { name: 'restore', method: 'POST', path: '/{id}/restore', status: 200, isOfTrash: true },
  { name: 'purge', method: 'DELETE', path: '/trash/{id}', status: 204, isOfTrash: true },
  { name: 'empty trash', method: 'DELETE', path: '/trash', status: 204 },
];

type DraftJson = Required<z.input<typeof taskDraft>>;

/** A value for each member of a body, other than its default. */
export const everyField: { readonly [Field in keyof DraftJson]: NonNullable<DraftJson[Field]> } = {
  title: 'Buy bread',
  description: 'Two loaves',
  completed: true,
  priority: 'high',
  due_date: '2026-11-30',
  tags: ['bakery', 'home'],
};

/** Members whose text has a form of its own. */
const formattedFields: readonly string[] = ['priority', 'due_date'];

/** The members of a body that are any text. */
export const textFields: readonly string[] = Object.entries(everyField).flatMap(([field, value]) =>
  typeof value === 'string' && !formattedFields.includes(field) ? field : [],
);

/** Requests with the id of a task. */
export const requestsOfOneTask = taskRequests.filter(({ path }) => path.includes('{id}'));
/** Requests that take `If-Match`, to tasks in the list. */
export const conditionalWrites = requestsOfOneTask.filter(
  ({ method, isOfTrash }) => !['GET', 'HEAD'].includes(method) && isOfTrash === undefined,
);
/** Requests that read a body where there is one. */
export const requestsThatReadBodies = taskRequests.filter(
  ({ method, isOfTrash }) => method.startsWith('P') && isOfTrash === undefined,
);
/** Requests that need a body. */
export const requestsWithBody = taskRequests.filter(({ json }) => json !== undefined);

/** The request target, below a list of either URL scheme. */
export const targetOf = (list: string, { path, query = '' }: TaskRequest, id: string): string =>
  list + path.replace('{id}', id) + query;

export const perform = (
  user: User,
  list: string,
  request: TaskRequest,
  id: string,
  options: RequestOptions = {},
): Promise<Answer> => {
  const json = request.json === undefined || options.body !== undefined ? {} : { json: request.json };
  return user.send(request.method, targetOf(list, request, id), { ...json, ...options });
};

/** Creates a task and returns it. */
export const kept = async (user: User, draft: Readonly<Record<string, unknown>> = {}): Promise<TaskBody> =>
  taskOf(await user.post(user.lists.own, { title: 'Buy milk', ...draft }));

/** Creates a task where the request finds it: in the list, or in the trash. Returns its id. */
export const keptFor = async (user: User, { isOfTrash }: Pick<TaskRequest, 'isOfTrash'>): Promise<string> => {
  const { id } = await kept(user);
  if (isOfTrash) await user.delete(`${user.lists.own}/${id}`);
  return id;
};

/** A well-formed id that no task has. */
export const absentId = '0199f0c2-7a51-7cc4-b1de-93d5e1a3c0aa';

/** The methods of each path below a list, sorted. */
export const allowedMethods = [
  ['', ['GET', 'HEAD', 'OPTIONS', 'POST']],
  [`/${absentId}`, ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'PUT']],
  ['/tasks', ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'PUT']],
  [`/${absentId}/complete`, ['OPTIONS', 'PATCH']],
  ['/changes', ['GET', 'HEAD', 'OPTIONS']],
  [`/${absentId}/restore`, ['OPTIONS', 'POST']],
  ['/trash', ['DELETE', 'GET', 'HEAD', 'OPTIONS']],
  [`/trash/${absentId}`, ['DELETE', 'OPTIONS']],
] as const;

/** Texts that are not canonical UUIDs, percent-encoded for a path. */
export const malformedIds: readonly string[] = [
  'tasks',
  'complete',
  '1',
  '0',
  '-1',
  'null',
  'undefined',
  'not-a-uuid',
  '0199f0c2-7a51-7cc4-b1de-93d5e1a3c0a',
  '0199f0c2-7a51-7cc4-b1de-93d5e1a3c0aaa',
  '0199F0C2-7A51-7CC4-B1DE-93D5E1A3C0AA',
  '0199f0c27a517cc4b1de93d5e1a3c0aa',
  '%7B0199f0c2-7a51-7cc4-b1de-93d5e1a3c0aa%7D',
  'urn:uuid:0199f0c2-7a51-7cc4-b1de-93d5e1a3c0aa',
  '0199f0c2-7a51-7cc4-b1de-93d5e1a3c0ag',
  '0199f0c2-7a51-7cc4-b1de-93d5e1a3c0aa%20',
  '%200199f0c2-7a51-7cc4-b1de-93d5e1a3c0aa',
  '0199f0c2-7a51-7cc4-b1de-93d5e1a3c0aa%0A',
  '0199f0c2-7a51-7cc4-b1de-93d5e1a3c0aa%00',
  "0199f0c2-7a51-7cc4-b1de-93d5e1a3c0aa'--",
  "'%20OR%20'1'='1",
  '%F0%9F%98%80',
  '..',
  '.',
  '%2F',
  '%2e%2e%2Fadmin',
  'a'.repeat(2000),
  '__proto__',
  'constructor',
];
