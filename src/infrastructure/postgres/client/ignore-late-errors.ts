import { Client } from 'pg';

/*
 * A client of node-postgres emits `error` when its connection breaks while no query is running, and Node ends the process
 * if there is no listener. Slonik's clients have no listener at three moments: while the pool reads the types of the
 * server, after a connection could not be opened, and after it was closed. Other errors are reported by the query that they
 * reject, or by the driver of the pool. Importing this file adds the listener.
 */

const connect: unknown = Reflect.get(Client.prototype, 'connect');
if (typeof connect !== 'function') throw new TypeError('node-postgres has no Client.prototype.connect');

Reflect.set(Client.prototype, 'connect', function (this: Client, ...args: unknown[]): unknown {
  this.on('error', ignore);
  const connecting: unknown = Reflect.apply(connect, this, args);
  return connecting;
});

const ignore = (): void => undefined;
