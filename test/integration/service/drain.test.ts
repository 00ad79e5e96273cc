import { expect } from 'chai';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { z } from 'zod';
import { drain } from '../../../src/bootstrap/drain.ts';
import { until } from '../../support/until.ts';

const bytes = 20 * 1024 * 1024;

describe('drain', () => {
  it('given a client that receives slowly: the response is sent completely, then the connection is closed', async () => {
    await using opened = new AsyncDisposableStack();
    let underWay = 0;
    const server = createServer((_request, response) => {
      underWay += 1;
      response.once('close', () => (underWay -= 1));
      response.end(Buffer.alloc(bytes));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    opened.defer(() => server.closeAllConnections());
    const { port } = z.object({ port: z.int() }).parse(server.address());
    const client = connect(port, '127.0.0.1');
    opened.defer(() => void client.destroy());
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    let received = 0;
    let isClosed = false;
    client.on('close', () => (isClosed = true));
    client.pause();
    await until('the response is being sent', () => underWay === 1);

    const drained = drain(server, 10_000, { hold: () => () => undefined, requestsInFlight: () => underWay });
    await new Promise((resolve) => setTimeout(resolve, 1_500)); // longer than an idle connection is kept
    expect(isClosed).to.equal(false);
    client.on('data', (chunk) => (received += chunk.length));
    client.resume();
    await drained;
    await until('the connection is closed', () => isClosed);
    expect(received).to.be.above(bytes);
  });
});
