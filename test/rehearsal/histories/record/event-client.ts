import { setTimeout as pause } from 'node:timers/promises';
import { openEvents, type EventReader } from '../../../support/events/event-reader.ts';
import { random } from '../../../support/random.ts';
import type { History } from '../history.ts';

export interface EventClientOptions {
  readonly port: number;
  readonly token: string;
  readonly name: string;
  readonly history: History;
  /** Closes each stream after a random time up to this one, in milliseconds. Null: keeps it. */
  readonly longestStreamMs: number | null;
  readonly seed: number;
}

/** Holds a stream of events open, and opens it again when it has ended, mostly with `Last-Event-ID`. */
export interface EventClient {
  /** Of the last event. */
  readonly revision: number;
  /** Until the signal, which closes the stream. */
  run(stopping: AbortSignal): Promise<void>;
}

/** Before the stream is opened again, in milliseconds. */
const pauseMs = 200;

export const createEventClient = (options: EventClientOptions): EventClient => {
  const { port, token, name: client, history, longestStreamMs, seed } = options;
  const chance = random(seed);
  let last: number | undefined;

  const note = (stream: EventReader, noted: number[], openedAt: number): void => {
    for (let n = noted.length; n < stream.revisions.length; n += 1) {
      const [revision = NaN, endedAt = NaN] = [stream.revisions[n], stream.times[n]];
      history.sightings.push({
        client,
        what: n === 0 ? 'the first event' : 'an event',
        startedAt: n === 0 ? openedAt : endedAt,
        endedAt,
        revision,
        rule: n === 0 ? 'counter' : 'any',
      });
      noted.push(revision);
      last = revision;
    }
  };

  const follow = async (stopping: AbortSignal): Promise<void> => {
    const openedAt = performance.now();
    const isKnown = last !== undefined && chance.below(4) > 0;
    history.requests += 1;
    using stream = await openEvents({ port, token, headers: isKnown ? { 'last-event-id': `${last}` } : {} });
    if (![200, 502, 503, 504].includes(stream.status)) history.wrong.push(`${client}: ${stream.status}`);
    const noted: number[] = [];
    history.streams.push(noted);
    const ended = stream.until(() => {
      note(stream, noted, openedAt);
      return false;
    });
    const limits = longestStreamMs === null ? [] : [AbortSignal.timeout(chance.below(longestStreamMs))];
    await Promise.race([ended.catch(() => undefined), aborted(AbortSignal.any([stopping, ...limits]))]);
  };

  return {
    get revision() {
      return last ?? 0;
    },
    run: async (stopping) => {
      while (!stopping.aborted) {
        // Without a connection there is no stream.
        await follow(stopping).catch(() => undefined);
        await pause(pauseMs);
      }
    },
  };
};

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
