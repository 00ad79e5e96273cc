import { request, type Agent, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { z } from 'zod';

/** One event of {tasks}/events, as the contract defines it. */
const revisionEvent = z.strictObject({
  event: z.literal('revision'),
  id: z.string().regex(/^(0|[1-9]\d*)$/),
  data: z.string(),
});

/** An open stream of server-sent events. Disposing closes the connection. */
export interface EventReader extends Disposable {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The revisions of all events so far. */
  readonly revisions: readonly number[];
  /** When each of them was received, as values of `performance.now`. */
  readonly times: readonly number[];
  /** The values of all `retry` lines so far, in milliseconds. */
  readonly retries: readonly number[];
  /** The number of comment lines so far. */
  readonly comments: number;
  /** Resolves when this many events were received; rejects when the stream ends before. */
  untilEvents(count: number): Promise<void>;
  /** Resolves when this holds; it is checked after everything that is received, and rejects when the stream ends before. */
  until(holds: () => boolean): Promise<void>;
  /** Resolves with whether the response is complete, when it has ended. */
  readonly ended: Promise<boolean>;
}

export interface OpenOptions {
  readonly port: number;
  readonly token: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly agent?: Agent;
}

export const openEvents = (options: OpenOptions): Promise<EventReader> => {
  const { port, token, path = '/api/tasks/events', headers = {}, agent } = options;
  const sent = request({
    host: '127.0.0.1',
    port,
    path,
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream', ...headers },
    agent: agent ?? false,
  }).end();
  return new Promise((resolve, reject) => {
    sent.once('error', reject).once('response', (response) => resolve(readEvents(response)));
  });
};

const readEvents = (response: IncomingMessage): EventReader => {
  const revisions: number[] = [];
  const times: number[] = [];
  const retries: number[] = [];
  const waiting = new Set<{ holds: () => boolean; resolve: () => void; reject: (error: Error) => void }>();
  let comments = 0;
  let text = '';
  let isEnded = false;

  const readBlock = (block: string): void => {
    const fields = block
      .split('\n')
      .map((line) => [line.split(':', 1)[0] ?? '', line.replace(/^\w*: ?/, '')]);
    const [name = '', value = ''] = fields[0] ?? [];
    if (name === '') comments += 1;
    else if (name === 'retry') retries.push(Number(value));
    else {
      const { id, data } = revisionEvent.parse(Object.fromEntries(fields));
      if (data !== `{"revision":${id}}`) throw new Error(`The data of event ${id} is ${data}`);
      revisions.push(Number(id));
      times.push(performance.now());
    }
  };

  const notify = (): void => {
    for (const waiter of waiting) {
      if (waiter.holds()) waiter.resolve();
      else if (isEnded) waiter.reject(new Error(`The stream has ended: ${text}`));
      else continue;
      waiting.delete(waiter);
    }
  };

  const ended = new Promise<boolean>((resolve) => {
    response.on('error', () => undefined);
    response.once('close', () => {
      isEnded = true;
      resolve(response.complete);
      notify();
    });
  });
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      readBlock(text.slice(0, end));
      text = text.slice(end + 2);
    }
    notify();
  });

  const until: EventReader['until'] = (holds) =>
    new Promise((resolve, reject) => {
      waiting.add({ holds, resolve, reject });
      notify();
    });
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    revisions,
    times,
    retries,
    get comments() {
      return comments;
    },
    until,
    untilEvents: (count) => until(() => revisions.length >= count),
    ended,
    [Symbol.dispose]: () => void response.destroy(),
  };
};
