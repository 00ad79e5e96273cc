import { expect } from 'chai';
import { createDatabase } from '../../../../src/infrastructure/postgres/client/database.ts';
import { numbers } from '../../../support/in-batches.ts';
import { rejectionCode } from '../../../support/rejection.ts';

describe('queueMax', () => {
  it('given several full queues: limits how many keys wait in all of them together', async () => {
    await using database = createDatabase(
      {
        url: 'postgres://nobody@127.0.0.1:1/nothing',
        environment: {},
        poolMax: 1,
        queueMax: 3,
        statementTimeoutMs: 1_000,
        preparedStatements: true,
        batching: true,
      },
      () => undefined,
    );
    const ends = Promise.withResolvers<() => null>();
    const loaders = numbers(4).map(() =>
      database.dataLoader<number, null>(() => ends.promise, { maxBatchSize: 1, maxConcurrentBatches: 1 }),
    );
    const load = async (): Promise<string[]> =>
      Promise.all(
        loaders.map((loader) => Promise.race([rejectionCode(loader(1)), nextTurn().then(() => 'accepted')])),
      ).then((codes) => codes.map(String));

    expect(await load()).to.deep.equal(Array(4).fill('accepted'));
    expect(database.usage().waiting).to.equal(0);
    expect(await load()).to.deep.equal(['accepted', 'accepted', 'accepted', 'overloaded']);
    expect(database.usage().waiting).to.equal(3);
    ends.resolve(() => null);
    await nextTurn();
    await nextTurn();
    expect(database.usage().waiting).to.equal(0);
  });
});

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
