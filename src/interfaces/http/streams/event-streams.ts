import type { ServerResponse } from 'node:http';
import type { Observer, StreamEnd } from '../../../application/ports/observer.ts';
import type { Verified } from '../../../application/ports/token-verifier.ts';
import { overloaded } from '../../../domain/errors.ts';
import type { UserId } from '../../../domain/user.ts';
import { details } from '../problems/catalogue.ts';
import { HttpProblem } from '../problems/problem.ts';
import type { Context } from '../request/request-state.ts';
import { EventStream, type EventSource } from './event-stream.ts';
import { PipedStream, type PipedBody } from './piped-stream.ts';

/** The event streams of an instance. */
export interface EventStreams {
  /** How many are open. */
  readonly open: number;
  /** Responds with the events of a source. Throws `rate_limited` or `overloaded` where there are too many streams. */
  respond(ctx: Context, token: Verified, source: EventSource): void;
  /** Responds with a body that is made elsewhere. Throws as `respond` does, and then cancels the body. */
  pipe(ctx: Context, token: Verified, piped: PipedBody): void;
  /** Ends all streams; from this call on, a new one ends at once. */
  end(): void;
}

interface Stream {
  begin(): void;
  end(reason: StreamEnd): void;
}

type CreateStream = (response: ServerResponse, ended: (reason: StreamEnd, events: number) => void) => Stream;

interface EventStreamsOptions {
  /** The most open streams on one instance; one more is 503. */
  readonly max: number;
  readonly observe: Observer;
  /** Milliseconds between two comment lines. Default: 15 s. */
  readonly heartbeatMs?: number;
}

/** The most open streams of a user on one instance; one more is 429. */
export const maxStreamsPerUser = 10;

/** The time that one of the other streams may need to end, in seconds. */
const retryAfterSeconds = 10;

export const createEventStreams = (options: EventStreamsOptions): EventStreams => {
  const { max, observe, heartbeatMs = 15_000 } = options;
  const streams = new Set<Stream>();
  const ofUser = new Map<UserId, number>();
  let count = 0;
  let isEnding = false;

  /** Returns what gives the place back. */
  const acquire = (user: UserId, requestId: string): (() => void) => {
    const ofThis = ofUser.get(user) ?? 0;
    if (ofThis >= maxStreamsPerUser) {
      observe({ type: 'rate_limited', requestId, scope: 'streams' });
      throw new HttpProblem('rate_limited', details.too_many_streams(maxStreamsPerUser), {
        headers: { 'Retry-After': `${retryAfterSeconds}` },
      });
    }
    if (count >= max) throw overloaded();
    ofUser.set(user, ofThis + 1);
    count += 1;
    return () => {
      count -= 1;
      const others = (ofUser.get(user) ?? 0) - 1;
      if (others > 0) ofUser.set(user, others);
      else ofUser.delete(user);
    };
  };

  /** Takes a place, and sends the stream once all middleware has run. */
  const open = (ctx: Context, { user }: Verified, create: CreateStream): void => {
    const { requestId, route } = ctx.state;
    ctx.res.once('close', acquire(user.id, requestId));
    ctx.status = 200;
    ctx.set('Content-Type', 'text/event-stream');
    ctx.set('Cache-Control', 'no-store');
    ctx.set('X-Accel-Buffering', 'no'); // nginx passes each event on at once
    if (ctx.method === 'HEAD') return;

    ctx.state.stream = {
      isEndless: true,
      begin: (response) => {
        const begun = performance.now();
        const stream = create(response, (reason, events) => {
          streams.delete(stream);
          const milliseconds = performance.now() - begun;
          observe({ type: 'stream_ended', requestId, route, reason, milliseconds, events });
        });
        streams.add(stream);
        stream.begin();
        if (isEnding) stream.end('shutdown');
      },
    };
  };

  return {
    get open() {
      return count;
    },

    respond: (ctx, token, source) => {
      if (ctx.res.closed) return; // the time limit has passed and the request is answered, or its client has left
      const lastEventId = ctx.req.headers['last-event-id']?.toString();
      const { validUntilSeconds } = token;
      open(
        ctx,
        token,
        (response, ended) =>
          new EventStream(response, { source, lastEventId, validUntilSeconds, heartbeatMs, ended }),
      );
    },

    pipe: (ctx, token, piped) => {
      const cancel = (): void => void piped.body.cancel();
      if (ctx.res.closed) {
        cancel();
        return;
      }
      const { validUntilSeconds } = token;
      try {
        open(
          ctx,
          token,
          (response, ended) => new PipedStream(response, { piped, validUntilSeconds, heartbeatMs, ended }),
        );
      } catch (error) {
        cancel();
        throw error;
      }
    },

    end: () => {
      isEnding = true;
      for (const stream of streams) stream.end('shutdown');
    },
  };
};
