import type { Socket } from 'node:net';
import type { DropReason } from '../../../application/ports/observer.ts';
import { peerKey } from '../request/client-address.ts';
import type { ConnectionActivity } from './request-queue.ts';

interface ConnectionLimits {
  /** Maximum number of connections. From 90 % of it on, idle connections are closed for new ones. */
  readonly max: number;
  /** Maximum number of connections per address, IPv6 by /64; 0: no limit. */
  readonly maxPerAddress: number;
  /** Whether an address is that of a proxy, to which the limit per address does not apply. */
  readonly isProxy: (address: string) => boolean;
  /** A connection can be closed for a new one after it was idle for this time, in milliseconds. */
  readonly minIdleMs: number;
}

interface OpenConnections {
  /** Counts a new connection until it is closed. Closes it at once if its address has too many. */
  accept(socket: Socket): ConnectionActivity;
  /** Closes a few idle connections, after the maximum number was reached. */
  closeSomeIdle(): void;
}

/** Maximum number of idle connections that are closed at a time. */
const maxClosedAtOnce = 8;

interface Connection {
  readonly socket: Socket;
  /** Bytes received, and the time (`performance.now()`), when the connection last became idle. */
  bytesRead: number;
  idleSince: number;
}

/** Keeps the connections of a server within limits, so that one client cannot keep the others out. */
export const openConnections = (
  limits: ConnectionLimits,
  closed: (reason: DropReason) => void,
): OpenConnections => {
  let open = 0;
  /** Connections without a current request, in the order in which they became idle. */
  const idle = new Set<Connection>();
  const ofAddress = new Map<string, number>();
  const closingThreshold = Math.floor(limits.max * 0.9);

  const setIdle = (connection: Connection): void => {
    connection.bytesRead = connection.socket.bytesRead;
    connection.idleSince = performance.now();
    idle.delete(connection);
    idle.add(connection);
  };

  const closeIdle = (count: number): void => {
    const now = performance.now();
    let left = count;
    for (const connection of idle) {
      if (left === 0 || now - connection.idleSince < limits.minIdleMs) return;
      if (connection.bytesRead !== connection.socket.bytesRead) {
        setIdle(connection); // a part of a request was received
        continue;
      }
      idle.delete(connection);
      connection.socket.destroy();
      closed('idle');
      left -= 1;
    }
  };

  const countAddress = (socket: Socket): boolean => {
    if (limits.maxPerAddress === 0 || limits.isProxy(socket.remoteAddress ?? '')) return true;
    const address = peerKey(socket);
    const count = ofAddress.get(address) ?? 0;
    if (count >= limits.maxPerAddress) return false;
    ofAddress.set(address, count + 1);
    socket.once('close', () => {
      const others = (ofAddress.get(address) ?? 0) - 1;
      if (others > 0) ofAddress.set(address, others);
      else ofAddress.delete(address);
    });
    return true;
  };

  return {
    accept: (socket) => {
      if (!countAddress(socket)) {
        socket.destroy();
        closed('address');
        return dropped;
      }
      const connection = { socket, bytesRead: 0, idleSince: 0 };
      open += 1;
      closeIdle(Math.min(Math.max(0, open - closingThreshold), maxClosedAtOnce));
      setIdle(connection);
      socket.once('close', () => {
        open -= 1;
        idle.delete(connection);
      });
      return { begin: () => void idle.delete(connection), end: () => setIdle(connection) };
    },
    closeSomeIdle: () => closeIdle(maxClosedAtOnce),
  };
};

const dropped: ConnectionActivity = { begin: () => undefined, end: () => undefined };
