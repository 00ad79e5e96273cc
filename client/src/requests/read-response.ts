import type { Changes, Export, Problem, Task, TrashedTask, User } from '../api-types.ts';
import { TaskholdError } from './errors.ts';
import { maxPauseMs } from './pause.ts';

/** Checks the members that the client itself uses; the service promises the others. */
type Guard<Value> = (value: unknown) => value is Value;

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

export const isTask: Guard<Task> = (value): value is Task =>
  isObject(value) && typeof value['id'] === 'string' && typeof value['revision'] === 'number';

export const isTasks: Guard<Task[]> = (value): value is Task[] => Array.isArray(value) && value.every(isTask);

export const isTrash: Guard<TrashedTask[]> = (value): value is TrashedTask[] =>
  isTasks(value) && value.every((task) => 'deleted_at' in task);

export const isChanges: Guard<Changes> = (value): value is Changes =>
  isObject(value) && Array.isArray(value['changes']) && typeof value['revision'] === 'number';

export const isUser: Guard<User> = (value): value is User =>
  isObject(value) && typeof value['id'] === 'string' && isObject(value['tasks']);

export const isExport: Guard<Export> = (value): value is Export =>
  isObject(value) && isUser(value['user']) && isTasks(value['tasks']) && isTrash(value['trash']);

const isProblem: Guard<Problem> = (value): value is Problem =>
  isObject(value) && typeof value['code'] === 'string' && typeof value['detail'] === 'string';

/** Reads a JSON body of this type. */
export const json =
  <Value>(isValid: Guard<Value>) =>
  async (response: Response): Promise<Value> => {
    const text = await response.text();
    const value = parsed(text);
    if (isValid(value)) return value;
    throw unexpected(response);
  };

/** Of a response without a body. */
export const nothing = (response: Response): Promise<void> =>
  response.status === 204 ? Promise.resolve() : Promise.reject(unexpected(response));

/** Undefined where the text is no JSON. */
export const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The error of a response that is no success. */
export const readError = async (response: Response): Promise<TaskholdError> => {
  const problem = parsed(await response.text());
  if (!isProblem(problem)) return unexpected(response);
  const { code, detail, errors, current } = problem;
  return new TaskholdError({
    ...about(response),
    code,
    detail,
    errors,
    current: isTask(current) ? current : null,
    isUncertain: code === 'outcome_unknown' || code === 'internal_error',
  });
};

const unexpected = (response: Response): TaskholdError =>
  new TaskholdError({
    ...about(response),
    code: 'unexpected_response',
    detail: `The response (${response.status}) is not one of Taskhold.`,
    isUncertain: response.status < 400 || response.status >= 500,
  });

const about = ({ status, headers }: Response) => ({
  status,
  requestId: headers.get('X-Request-Id'),
  retryAfterMs: retryAfterMs(headers.get('Retry-After')),
});

/** https://www.rfc-editor.org/rfc/rfc9110#field.retry-after: seconds, or a date. */
const retryAfterMs = (value: string | null): number | null => {
  if (value === null) return null;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? null : Math.min(Math.max(0, ms), maxPauseMs);
};
