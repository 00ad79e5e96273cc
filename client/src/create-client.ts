import { accountCalls, type Account } from './account.ts';
import type { Update } from './follow/copy.ts';
import { followTasks, type FollowOptions } from './follow/follow.ts';
import { createQueue, type Queue, type QueueOptions } from './queue/queue.ts';
import { anyOf } from './requests/pause.ts';
import { createSend } from './requests/send.ts';
import { settingsOf, type ClientOptions } from './requests/settings.ts';
import { taskCalls, trashCalls, type Tasks, type Trash } from './tasks/task-calls.ts';

/** A client of one user. */
export interface Client {
  readonly tasks: Tasks;
  readonly trash: Trash;
  readonly account: Account;
  /** Yields a copy of all tasks at once, and again after each change, by whichever client. */
  follow(options?: FollowOptions): AsyncGenerator<Update, void>;
  /** Creates a queue of writes, for use without a network. */
  queue(options?: QueueOptions): Queue;
}

/** Creates a client of Taskhold. It needs no network until its first call. */
export const createClient = (options: ClientOptions): Client => {
  const send = createSend(settingsOf(options));
  const { signal } = options;
  return {
    tasks: taskCalls(send),
    trash: trashCalls(send),
    account: accountCalls(send),
    follow: (followOptions = {}) => followTasks(send, anyOf(followOptions.signal, signal), followOptions),
    queue: (queueOptions) => createQueue(send, signal, queueOptions),
  };
};
