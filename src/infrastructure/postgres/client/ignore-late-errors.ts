import { Client } from 'pg';

/*
 * A client of node-postgres emits `error` when its connection breaks while no query is under way, and Node ends the process
 * where nothing listens. Slonik's clients have no listener at three moments: while the pool asks for the types of the
 * server, after a connection could not be opened, and after it was closed. A broken connection that matters is reported
 * by the query that it rejects, or by the driver of the pool; this listener ignores the others. Importing the file is
 * enough.
 */

const connect: unknown = Reflect.get(Client.prototype, 'connect');
if (typeof connect !== 'function') throw new TypeError('node-postgres has no Client.prototype.connect');

Reflect.set(Client.prototype, 'connect', function (this: Client, ...words: unknown[]): unknown {
  this.on('error', ignore);
  const connecting: unknown = Reflect.apply(connect, this, words);
  return connecting;
});

const ignore = (): void => undefined;
