import { tokenFor } from '../../support/tokens/tokens.ts';
import { faultClient } from './client.ts';
import { task } from './reads.ts';

/** A user of the service, on one connection, who sends one request after another. */
export interface ServiceUser {
  readonly durationsMs: readonly number[];
  /** Requests that were not answered as expected. */
  readonly failures: readonly string[];
  /** Creates a task with these members and returns its id; empty if that failed. */
  create(members: object): Promise<string>;
  /** The members of a task. */
  read(id: string): Promise<unknown>;
  /** Repeats all requests until `stop`. */
  work(): Promise<void>;
  stop(): void;
  close(): void;
}

export const createServiceUser = async (port: number, user: string): Promise<ServiceUser> => {
  const client = faultClient(await tokenFor(user));
  const durationsMs: number[] = [];
  const failures: string[] = [];
  const stopping = new AbortController();

  const send = async (expected: number, method: string, path: string, json?: object): Promise<unknown> => {
    const start = performance.now();
    const response = await client.send(port, method, path, json);
    durationsMs.push(performance.now() - start);
    if (response.status !== expected) failures.push(`${method} ${path}: ${response.status}`);
    return response.json;
  };
  const create = async (members: object): Promise<string> =>
    task.safeParse(await send(201, 'POST', '/api/tasks', members)).data?.id ?? '';
  return {
    durationsMs,
    failures,
    create,
    read: (id) => send(200, 'GET', `/api/tasks/${id}`),
    work: async () => {
      while (!stopping.signal.aborted) {
        const id = await create({ title: 'Written by the service', priority: 'low' });
        await send(200, 'GET', '/api/tasks?limit=20');
        await send(200, 'PATCH', `/api/tasks/${id}/complete`, {});
        await send(200, 'GET', '/api/tasks?limit=20&status=pending');
        await send(204, 'DELETE', `/api/tasks/${id}`);
      }
    },
    stop: () => stopping.abort(),
    close: () => client.close(),
  };
};
