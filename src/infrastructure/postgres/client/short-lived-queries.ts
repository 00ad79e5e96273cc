import { Client } from 'pg';

/*
 * For a query without a callback node-postgres assigns `query.callback = (err, res) => …`. V8 treats a function that is
 * assigned to a property as a method and allocates it in the old generation. Minor garbage collections then cannot free what
 * the function references: the query and its rows, a third of all allocations while lists are read. A callback that is passed
 * as an argument is allocated in the young generation.
 */

const query: unknown = Reflect.get(Client.prototype, 'query');
if (typeof query !== 'function') throw new TypeError('node-postgres has no Client.prototype.query');

const hasCallback = (args: readonly unknown[]): boolean =>
  args.some((arg) => typeof arg === 'function') ||
  (typeof args[0] === 'object' && args[0] !== null && ('submit' in args[0] || 'callback' in args[0]));

/** Importing this file replaces the method. Its behavior for callers does not change. */
Reflect.set(Client.prototype, 'query', function (this: Client, ...args: unknown[]): unknown {
  if (hasCallback(args)) {
    const result: unknown = Reflect.apply(query, this, args);
    return result;
  }
  return new Promise((resolve, reject) => {
    const callback = (error: unknown, result: unknown): void => {
      if (error === null || error === undefined) resolve(result);
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- passed on unchanged
      else reject(error);
    };
    Reflect.apply(query, this, [args[0], args[1], callback]);
  });
});
