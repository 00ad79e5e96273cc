import { Client } from 'pg';

/*
 * For a query without a callback node-postgres writes `query.callback = (err, res) => …`. V8 takes a function that is
 * assigned to a property for a method, and puts it straight into the old generation; with it, everything that it can see
 * outlives all small collections: the query and its rows, a third of all that is allocated while lists are read. Copying
 * them takes more time than a list, and makes the slowest answers slow. A callback that is passed has no such privilege.
 */

const query: unknown = Reflect.get(Client.prototype, 'query');
if (typeof query !== 'function') throw new TypeError('node-postgres has no Client.prototype.query');

const hasCallback = (words: readonly unknown[]): boolean =>
  words.some((word) => typeof word === 'function') ||
  (typeof words[0] === 'object' && words[0] !== null && ('submit' in words[0] || 'callback' in words[0]));

/** Callers see no difference. Importing this file is enough. */
Reflect.set(Client.prototype, 'query', function (this: Client, ...words: unknown[]): unknown {
  if (hasCallback(words)) {
    const result: unknown = Reflect.apply(query, this, words);
    return result;
  }
  return new Promise((resolve, reject) => {
    const answer = (error: unknown, result: unknown): void => {
      if (error === null || error === undefined) resolve(result);
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as it came
      else reject(error);
    };
    Reflect.apply(query, this, [words[0], words[1], answer]);
  });
});
