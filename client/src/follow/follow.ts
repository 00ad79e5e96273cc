import { isRefusal, TaskholdError } from '../requests/errors.ts';
import { pause, timeOf } from '../requests/pause.ts';
import { isChanges, json } from '../requests/read-response.ts';
import type { Send } from '../requests/send.ts';
import { backoffMs } from '../requests/settings.ts';
import { catchUp, emptyCopy, type Copy, type Update } from './copy.ts';
import { eventStream } from './event-stream.ts';

/**
 * `live`: changes arrive within a second. `polling`: changes are read every `pollMs`, because the service has no stream for
 * this client, or a proxy holds streams back. `offline`: the service cannot be reached.
 */
export type FollowStatus = 'live' | 'polling' | 'offline';

/** Options of `follow`. Times must be above 0. A `silenceMs` of `Infinity` is no limit; pauses are limited. */
export interface FollowOptions {
  /** Ends the loop, without an error. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Where to go on: a copy that was kept, such as in IndexedDB. It must be of the user of the token, so keep it under their id.
   * Default: an empty one.
   */
  readonly from?: Copy | undefined;
  /** Called when the status changes. `error` is the reason of `polling` and `offline`. */
  readonly onStatus?: ((status: FollowStatus, error?: TaskholdError) => void) | undefined;
  /** The pause between two reads while there is no stream, in milliseconds; at most an hour. Default: 15,000. */
  readonly pollMs?: number | undefined;
  /** After how long without an event or heartbeat a stream is given up, in milliseconds. Default: 45,000, three heartbeats. */
  readonly silenceMs?: number | undefined;
  /** The pause after the first failure, in milliseconds; each further one is twice as long, up to 30,000. Default: 1,000. */
  readonly reconnectMs?: number | undefined;
}

/** How many polls follow a stream on which nothing arrived, as behind a proxy that buffers, before the next is opened. */
const pollsAfterSilence = 20;

/** Yields a copy of all tasks at once, and again after each change. Errors that time does not heal end it. */
export const followTasks = async function* (
  send: Send,
  signal: AbortSignal,
  options: FollowOptions,
): AsyncGenerator<Update, void> {
  const { onStatus } = options;
  const pollMs = timeOf(options.pollMs ?? 15_000);
  const silenceMs = timeOf(options.silenceMs ?? 45_000);
  const reconnectMs = timeOf(options.reconnectMs ?? 1_000);
  let copy = options.from ?? emptyCopy;
  let isFirst = true;
  let failures = 0;
  let pollsLeft = 0;
  let status: FollowStatus | null = null;

  const isAborted = (): boolean => signal.aborted;
  const report = (next: FollowStatus, error?: TaskholdError): void => {
    if (next !== status) onStatus?.(next, error);
    status = next;
  };
  const changesSince = (revision: number) =>
    send({
      method: 'GET',
      path: `api/tasks/changes?since=${revision}`,
      read: json(isChanges),
      signal,
      maxAttempts: 1,
    });
  const updates = async function* (): AsyncGenerator<Update, void> {
    const update = await catchUp(copy, changesSince);
    const isNew = isFirst || update.changed.length > 0;
    copy = { revision: update.revision, tasks: update.tasks };
    isFirst = false;
    failures = 0;
    if (isNew) yield update;
  };
  /** What to do about an error: returns the pause, in milliseconds. */
  const afterFailure = (error: unknown, isStreaming: boolean, isSilent: boolean): number => {
    if (!(error instanceof TaskholdError) || error.status === 401 || isRefusal(error)) throw error;
    const isRefused = error.status === 429 || error.status === 503;
    const isHeldBack = isSilent && error.code === 'no_response';
    if (isStreaming && (isHeldBack || isRefused)) {
      if (isHeldBack) pollsLeft = pollsAfterSilence;
      report('polling', error);
      return Math.max(error.retryAfterMs ?? 0, pollMs);
    }
    failures += 1;
    report('offline', error);
    return (error.retryAfterMs ?? 0) + backoffMs(failures, reconnectMs);
  };

  while (!isAborted()) {
    let delay = reconnectMs;
    let isStreaming = false;
    let isSilent = true;
    try {
      yield* updates();
      if (pollsLeft > 0) {
        pollsLeft -= 1;
        report('polling');
        delay = pollMs;
      } else {
        isStreaming = true;
        const { revision } = copy;
        for await (const { id, retryMs } of eventStream(send, { revision, signal, silenceMs })) {
          isSilent = false;
          report('live');
          delay = retryMs ?? delay;
          if (id !== null && Number(id) !== copy.revision) yield* updates();
        }
      }
    } catch (error) {
      if (!isAborted()) delay = afterFailure(error, isStreaming, isSilent);
    }
    await pause(delay, signal, failures > 0);
  }
};
