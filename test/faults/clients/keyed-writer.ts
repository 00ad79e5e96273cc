import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { tokenFor } from '../../support/tokens/tokens.ts';
import { faultClient, type ClientResponse, type FaultClient } from './client.ts';
import { task, type TaskJson } from './reads.ts';

/** A write that was answered. */
export interface KeyedWrite {
  readonly key: string;
  readonly method: string;
  readonly path: string;
  readonly json: unknown;
  readonly ifMatch: string | undefined;
  readonly response: ClientResponse;
  /** How often it was sent. */
  readonly attempts: number;
}

/** A user who sends each write under a key of its own, again and again until it is answered. */
export interface KeyedWriter {
  readonly client: FaultClient;
  readonly written: readonly KeyedWrite[];
  /** The tasks as the responses have them, by id; without those that were deleted. */
  readonly tasks: ReadonlyMap<string, TaskJson>;
  /** Responses that a client does not expect, however often it sends a write. */
  readonly wrong: readonly string[];
  /** Sends a write that was answered to this port once more. */
  again(port: number, write: KeyedWrite): Promise<ClientResponse>;
  readonly done: Promise<void>;
  stop(): void;
}

/** After a write without an answer, in milliseconds. */
const failurePauseMs = 20;

/** Longer than any fault. A client that gets no answer for so long has found a defect. */
const longestRetryMs = 30_000;

export const startKeyedWriter = async (ports: readonly number[]): Promise<KeyedWriter> => {
  const user = `keyed-${randomBytes(6).toString('hex')}`;
  const client = faultClient(await tokenFor(user));
  const written: KeyedWrite[] = [];
  const tasks = new Map<string, TaskJson>();
  const wrong: string[] = [];
  const stopping = new AbortController();
  let sent = 0;

  const write = async (
    expected: number,
    method: string,
    path: string,
    json?: unknown,
    ifMatch?: string,
  ): Promise<ClientResponse> => {
    const key = randomUUID();
    const end = performance.now() + longestRetryMs;
    for (let attempts = 1; ; attempts += 1) {
      // Each attempt goes to another instance.
      const port = ports[(sent += 1) % ports.length] ?? 0;
      const response = await client.send(port, method, path, json, ifMatch, key);
      if (!isTemporary(response) || performance.now() > end) {
        written.push({ key, method, path, json, ifMatch, response, attempts });
        if (response.status !== expected)
          wrong.push(`${method} ${path}: ${response.status} ${response.text}`);
        return response;
      }
      await pause(failurePauseMs);
    }
  };

  const remember = ({ json }: ClientResponse): void => {
    const { data } = task.loose().safeParse(json);
    if (data !== undefined) tasks.set(data.id, data);
  };

  const run = async (): Promise<void> => {
    for (let n = 0; !stopping.signal.aborted; n += 1) {
      remember(await write(201, 'POST', '/api/tasks', { title: `${user} ${n}` }));
      const [oldest, latest] = [[...tasks.values()][0], [...tasks.values()].at(-1)];
      if (oldest === undefined || latest === undefined) continue;
      // A toggle that is done twice, or not at all, shows in the task.
      remember(await write(200, 'PATCH', `/api/tasks/${latest.id}/complete`));
      remember(await write(200, 'PATCH', `/api/tasks/${oldest.id}/complete`, {}));
      const current = tasks.get(latest.id)?.revision ?? 0;
      remember(
        await write(200, 'PUT', `/api/tasks/${latest.id}`, { title: `${user} ${n}, new` }, `"${current}"`),
      );
      if (tasks.size <= 3) continue;
      await write(204, 'DELETE', `/api/tasks/${oldest.id}`);
      tasks.delete(oldest.id);
    }
  };

  return {
    client,
    written,
    tasks,
    wrong,
    again: (port, { method, path, json, ifMatch, key }) =>
      client.send(port, method, path, json, ifMatch, key),
    done: run(),
    stop: () => stopping.abort(),
  };
};

/** No answer, or one after which a client sends the request again. */
const isTemporary = ({ status }: ClientResponse): boolean => status === 0 || status === 409 || status >= 500;
