import { expect } from 'chai';
import { once } from 'node:events';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { EventStream } from '../../../../src/interfaces/http/streams/event-stream.ts';
import { PipedStream } from '../../../../src/interfaces/http/streams/piped-stream.ts';

/** A response whose client has left. */
const closedResponse = async (): Promise<ServerResponse> => {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  const closed = once(response, 'close');
  response.destroy();
  await closed;
  return response;
};

const validUntilSeconds = Date.now() / 1000 + 3_600;

describe('streams whose response is closed before they begin', () => {
  it('given events: the source is not followed, and the stream has ended', async () => {
    const ended: unknown[] = [];
    const source = () => expect.fail('followed');
    const stream = new EventStream(await closedResponse(), {
      source,
      lastEventId: undefined,
      validUntilSeconds,
      heartbeatMs: 1_000,
      ended: (...how) => ended.push(how),
    });
    stream.begin();
    expect(ended).to.deep.equal([['client', 0]]);
  });

  it('given a body: it is cancelled, and the stream has ended', async () => {
    const ended: unknown[] = [];
    let isCancelled = false;
    const body = new ReadableStream<Uint8Array>({
      cancel: () => {
        isCancelled = true;
      },
    });
    const stream = new PipedStream(await closedResponse(), {
      piped: { body, close: () => Promise.resolve() },
      validUntilSeconds,
      heartbeatMs: 1_000,
      ended: (...how) => ended.push(how),
    });
    stream.begin();
    expect(ended).to.deep.equal([['client', 0]]);
    expect(isCancelled).to.equal(true);
  });
});
