import { once } from 'node:events';
import { createServer, request, type IncomingMessage } from 'node:http';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { expect } from 'chai';
import { forwardTo } from '../../examples/sign-in/forward.ts';
import { listening } from '../support/http/listening.ts';
import { timed } from '../support/until.ts';

describe('the forwarding of the sign-in, with a service that fails', () => {
  /** A server that forwards to a port, and responds with the code of a failure. Returns its port. */
  const forwarder = (
    opened: AsyncDisposableStack,
    to: number,
    responseTimeoutMs = 20_000,
  ): Promise<number> => {
    const forward = forwardTo({ target: `http://127.0.0.1:${to}`, responseTimeoutMs });
    const server = createServer((request, response) =>
      forward(request, response, (code) => {
        if (!response.destroyed) response.writeHead(code === 'unavailable' ? 503 : 504).end(code);
      }),
    );
    return listening(server, opened);
  };
  /** A service that does this with each connection; `heads` are the requests as they arrived. */
  const service = async (opened: AsyncDisposableStack, serve: (socket: Socket) => void) => {
    const received: string[] = [];
    const sockets = new Set<Socket>();
    const server = createTcpServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('data', (data) => {
        received.push(data.toString());
        serve(socket);
      });
    });
    const { promise, resolve } = Promise.withResolvers<undefined>();
    server.listen(0, '127.0.0.1', () => resolve(undefined));
    await promise;
    opened.defer(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    const bound = server.address();
    if (bound === null || typeof bound === 'string') throw new Error('The server has no port');
    return { port: bound.port, received };
  };
  const answered = async (port: number, method: string) => {
    const body = method === 'POST' ? '{}' : null;
    const response = await fetch(`http://127.0.0.1:${port}/api/tasks`, { method, body });
    return [response.status, await response.text()] as const;
  };

  it('given no connection: unavailable, for writes too', async () => {
    await using opened = new AsyncDisposableStack();
    const closed = await listening(createServer(), opened);
    await opened.disposeAsync();
    await using open = new AsyncDisposableStack();
    const port = await forwarder(open, closed);
    expect(await answered(port, 'POST')).to.deep.equal([503, 'unavailable']);
    expect(await answered(port, 'GET')).to.deep.equal([503, 'unavailable']);
  });

  it('given a connection that breaks after the request was sent: outcome_unknown, for a read unavailable', async () => {
    await using opened = new AsyncDisposableStack();
    const { port: to, received } = await service(opened, (socket) => socket.resetAndDestroy());
    const port = await forwarder(opened, to);
    for (const method of ['POST', 'DELETE'])
      expect(await answered(port, method)).to.deep.equal([504, 'outcome_unknown']);
    expect(await answered(port, 'GET')).to.deep.equal([503, 'unavailable']);
    expect(received).to.have.length(3);
  });

  it('given no response within the time limit: the same', async () => {
    await using opened = new AsyncDisposableStack();
    const { port: to } = await service(opened, () => undefined);
    const port = await forwarder(opened, to, 300);
    const [answer, elapsed] = await timed(() => answered(port, 'POST'));
    expect(answer).to.deep.equal([504, 'outcome_unknown']);
    expect(elapsed).to.be.at.least(299);
    expect(await answered(port, 'GET')).to.deep.equal([503, 'unavailable']);
  });

  it('given a response that goes on after the time limit: it is not cut', async () => {
    await using opened = new AsyncDisposableStack();
    const { port: to } = await service(opened, (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab');
      setTimeout(() => socket.write('cd'), 400);
    });
    expect(await answered(await forwarder(opened, to, 200), 'GET')).to.deep.equal([200, 'abcd']);
  });

  it('given a response before the end of the upload: it arrives, and the upload is not sent on', async () => {
    await using opened = new AsyncDisposableStack();
    // It reads no more than the beginning, as Taskhold, and breaks the connection a moment later.
    const { port: to } = await service(opened, (socket) => {
      socket.pause().write('HTTP/1.1 413 Payload Too Large\r\nContent-Length: 9\r\n\r\ntoo large');
      setTimeout(() => socket.resetAndDestroy(), 100);
    });
    const port = await forwarder(opened, to);
    for (let n = 0; n < 5; n += 1) {
      const body = Buffer.alloc(5_000_000, 'x');
      const response = await fetch(`http://127.0.0.1:${port}/api/tasks`, { method: 'POST', body });
      expect([response.status, await response.text()]).to.deep.equal([413, 'too large']);
    }
  });

  it('given fields that Connection names: not passed on, in either direction; those that frame a body are', async () => {
    await using opened = new AsyncDisposableStack();
    const { port: to, received } = await service(opened, (socket) =>
      socket.write(
        'HTTP/1.1 200 OK\r\nConnection: X-Hop\r\nX-Hop: 1\r\nX-End: 1\r\nContent-Length: 0\r\n\r\n',
      ),
    );
    const port = await forwarder(opened, to);
    const headers = {
      Connection: ['keep-alive, X-Hop,content-length', 'x-second'],
      'X-Hop': '1',
      'X-Second': '1',
      'X-End': '1',
      'Content-Length': '2',
    };
    const sent = request({ port, host: '127.0.0.1', method: 'DELETE', path: '/api/tasks', headers });
    sent.end('{}');
    const answer = await new Promise<IncomingMessage>((resolve) => sent.once('response', resolve));
    await once(answer.resume(), 'end');
    const [head = ''] = received;
    expect(head.toLowerCase()).to.include('x-end: 1').and.include('content-length: 2');
    expect(head.toLowerCase()).not.to.include('x-hop').and.not.include('x-second');
    expect(answer.headers).to.include({ 'x-end': '1' }).and.not.have.property('x-hop');
  });
});
