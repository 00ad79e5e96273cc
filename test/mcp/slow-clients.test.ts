import { once } from 'node:events';
import { connect } from 'node:net';
import { expect } from 'chai';
import type { Observation } from '../../src/application/ports/observer.ts';
import type { UseCases } from '../../src/application/use-cases.ts';
import { createEventStreams } from '../../src/interfaces/http/streams/event-streams.ts';
import { modernRpc } from '../support/mcp/raw-message.ts';
import { startService } from '../support/http/service.ts';
import { revision, taskId } from '../support/tasks/tasks.ts';
import { until } from '../support/until.ts';

describe('MCP subscriptions of clients that leave or read nothing', () => {
  const subscribe = (uris: readonly string[], token: string): string => {
    const body = modernRpc('subscriptions/listen', { notifications: { resourceSubscriptions: uris } });
    const fields = {
      Host: 'a',
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': '2026-07-28',
      'Mcp-Method': 'subscriptions/listen',
      'Content-Length': `${Buffer.byteLength(body)}`,
    };
    const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
    return `POST /mcp HTTP/1.1\r\n${head.join('')}\r\n${body}`;
  };

  it('given a client that reads nothing: it is disconnected', async () => {
    const ends: Observation[] = [];
    const observe = (one: Observation): void => {
      if (one.type === 'stream_ended') ends.push(one);
    };
    await using other = await startService();
    // All resources are reported all the time, so that the buffers of the connection are soon full.
    const useCases: UseCases = {
      ...other.get('useCases'),
      followRevisions: (_, listener) => {
        let value = 0;
        const timer = setInterval(() => listener(revision((value += 1))), 1);
        return () => clearInterval(timer);
      },
      listChanges: () => Promise.reject(new Error('no')),
    };
    await using service = await startService({
      environment: { MCP_ENABLED: 'true' },
      overrides: { useCases, eventStreams: createEventStreams({ max: 10, observe, heartbeatMs: 100 }) },
    });
    const { token } = await service.user();
    const uris = Array.from({ length: 100 }, (_, n) => `task://${taskId(n)}`);
    const socket = connect(service.port, '127.0.0.1').on('error', () => undefined);
    socket.pause();
    socket.write(subscribe(uris, token));
    await until('the stream is cut', () => ends.length > 0, 60_000);
    expect(ends[0]).to.include({ reason: 'slow', route: '/mcp' });
    socket.destroy();
  });

  it('given a client that closes its side: the stream ends at once', async () => {
    await using service = await startService({ environment: { MCP_ENABLED: 'true' } });
    const { token } = await service.user();
    const socket = connect(service.port, '127.0.0.1');
    socket.write(subscribe(['tasks://list'], token));
    await once(socket, 'data');
    expect(service.get('eventStreams').open).to.equal(1);
    socket.end();
    await until('the stream has ended', () => service.get('eventStreams').open === 0);
    expect(service.observations.find(({ type }) => type === 'stream_ended')).to.include({ reason: 'client' });
    socket.destroy();
  });
});
