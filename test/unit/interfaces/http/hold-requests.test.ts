import { expect } from 'chai';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { holdable } from '../../../../src/interfaces/http/server/hold-requests.ts';
import { until } from '../../../support/until.ts';

describe('holdable', () => {
  it('given a client that leaves while its request is held: only the other request is handled', async () => {
    const handled: (string | undefined)[] = [];
    let arrived = 0;
    let left = 0;
    const { listener, hold } = holdable(
      ({ url }, response) => {
        handled.push(url);
        response.end();
      },
      { isHolding: false },
    );
    const server = createServer((incoming, response) => {
      arrived += 1;
      response.once('close', () => (left += 1));
      listener(incoming, response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const release = hold();
    const stays = request({ port, path: '/stays', agent: false }).end();
    const answered = once(stays, 'response');
    const leaves = request({ port, path: '/leaves', agent: false }).on('error', () => undefined);
    leaves.end();
    await until('both requests are held', () => arrived === 2);
    leaves.destroy();
    await until('one client has left', () => left === 1);
    release();
    await answered;
    expect(handled).to.deep.equal(['/stays']);
    server.close();
    server.closeAllConnections();
  });
});
