import { z } from 'zod';
import { tokenFor } from '../../support/tokens/tokens.ts';
import { faultClient } from './client.ts';
import { task } from './reads.ts';

const tasks = z.array(task);

/** A user of the service, on one connection, who sends one request after another. */
export interface ServiceUser {
  readonly durationsMs: readonly number[];
  /** Requests that were not answered as expected. */
  readonly failures: readonly string[];
  /** Creates a task with these members and returns its id; empty if that failed. */
  create(members: object): Promise<string>;
  /** The members of a task. */
  read(id: string): Promise<unknown>;
  /** The ids of the newest tasks that a search finds. */
  search(text: string): Promise<readonly string[]>;
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
    search: async (text) =>
      tasks
        .parse(await send(200, 'GET', `/api/tasks?search=${encodeURIComponent(text)}`))
        .map(({ id }) => id),
    work: async () => {
      while (!stopping.signal.aborted) {
        const id = await create({ title: 'Written by the service', priority: 'low' });
        await send(200, 'GET', '/api/tasks?limit=20');
        await send(200, 'GET', '/api/tasks?limit=20&search=by%20the%20SERVICE');
        await send(200, 'GET', '/api/tasks?limit=20&sort_by=title');
        await send(200, 'PATCH', `/api/tasks/${id}/complete`, {});
        await send(200, 'GET', '/api/tasks?limit=20&status=pending');
        await send(204, 'DELETE', `/api/tasks/${id}`);
      }
    },
    stop: () => stopping.abort(),
    close: () => client.close(),
  };
};
