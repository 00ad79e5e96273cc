import type { Socket } from 'node:net';
import type { DropReason } from '../../../application/ports/observer.ts';
import { peerKey } from '../request/client-address.ts';
import type { ConnectionActivity } from './request-queue.ts';

export interface ConnectionLimits {
  /** Connections at most. From nine tenths of it on, idle ones are closed for new ones. */
  readonly max: number;
  /** Connections of one address at most, IPv6 by /64; 0 is no limit. */
  readonly maxPerAddress: number;
  /** Whether an address is that of a proxy: its connections are not counted for the address. */
  readonly isProxy: (address: string) => boolean;
  /** How long a connection must have been silent before it may be closed for a new one, in milliseconds. */
  readonly silenceMs: number;
}

export interface OpenConnections {
  /** Counts a new connection until it is closed; closes it at once where its address has too many. */
  accept(socket: Socket): ConnectionActivity;
  /** Closes a few idle connections; for when there is no place left. */
  makeRoom(): void;
}

/** Connections that are closed at a time, at most. */
const fewConnections = 8;

interface Connection {
  readonly socket: Socket;
  /** What was received when the connection was last seen to be idle, and when that was (`performance.now()`). */
  bytesRead: number;
  idleSince: number;
}

/** Keeps the connections of a server within limits, so that one client cannot keep the others out. */
export const openConnections = (
  limits: ConnectionLimits,
  closed: (reason: DropReason) => void,
): OpenConnections => {
  let open = 0;
  /** Without a request under way; the one that is idle for longest comes first. */
  const idle = new Set<Connection>();
  const ofAddress = new Map<string, number>();
  const mostWithoutClosing = Math.floor(limits.max * 0.9);

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
      if (left === 0 || now - connection.idleSince < limits.silenceMs) return;
      if (connection.bytesRead !== connection.socket.bytesRead) {
        setIdle(connection); // a request is on its way
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
      closeIdle(Math.min(Math.max(0, open - mostWithoutClosing), fewConnections));
      setIdle(connection);
      socket.once('close', () => {
        open -= 1;
        idle.delete(connection);
      });
      return { begin: () => void idle.delete(connection), end: () => setIdle(connection) };
    },
    makeRoom: () => closeIdle(fewConnections),
  };
};

const dropped: ConnectionActivity = { begin: () => undefined, end: () => undefined };
