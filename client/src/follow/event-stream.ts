import { lostConnection, TaskholdError } from '../requests/errors.ts';
import { anyOf } from '../requests/pause.ts';
import type { Send } from '../requests/send.ts';
import { readEvents, type StreamBlock } from './read-events.ts';

interface EventStreamOptions {
  /** The last revision that the client has seen: no event is sent for it. */
  readonly revision: number;
  readonly signal: AbortSignal;
  /** After how long without an event or heartbeat the stream is given up, in milliseconds. */
  readonly silenceMs: number;
}

/** Opens `GET /api/tasks/events`. Returns when the service ends the stream; throws `network_error` when it breaks, and `no_response` when it is silent. */
export const eventStream = async function* (
  send: Send,
  { revision, signal, silenceMs }: EventStreamOptions,
): AsyncGenerator<StreamBlock, void> {
  const silence = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const waits = (): void => {
    timer = setTimeout(() => silence.abort(), silenceMs);
  };
  try {
    const body = await send({
      method: 'GET',
      path: 'api/tasks/events',
      headers: { 'Last-Event-ID': String(revision) },
      read: (response) => Promise.resolve(response.body),
      signal: anyOf(signal, silence.signal),
      maxAttempts: 1,
    });
    if (body === null) return;
    yield* readEvents(body, waits, () => clearTimeout(timer));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof TaskholdError) throw error;
    throw lostConnection(silence.signal.aborted, error);
  } finally {
    clearTimeout(timer);
  }
};
