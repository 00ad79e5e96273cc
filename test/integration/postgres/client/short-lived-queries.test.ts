import { expect } from 'chai';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { sql } from 'slonik';
import { z } from 'zod';
import {
  postgresRepository,
  type PostgresRepository,
} from '../../../support/postgres/postgres-repository.ts';

describe('rows of a query', () => {
  let subject: PostgresRepository;
  before(async () => {
    subject = await postgresRepository();
  });
  after(() => subject.close());

  /** Runs minor collections: they free the young generation, and nothing that an old object refers to. */
  const collectYoung = (): void => {
    setFlagsFromString('--expose-gc');
    const collect: unknown = runInNewContext('gc');
    if (typeof collect !== 'function') throw new Error('V8 does not expose gc()');
    for (let n = 0; n < 2; n += 1) Reflect.apply(collect, undefined, [{ type: 'minor' }]);
  };

  it('given processed queries: a minor garbage collection frees their rows', async () => {
    const row = z.object({ n: z.int(), text: z.string() });
    const statement = sql.type(row)`SELECT n, md5(n::text) AS text FROM generate_series(1, 2000) AS n`;
    const read = async (times: number) => {
      for (let n = 0; n < times; n += 1) await subject.database.rows(statement);
    };
    const kept: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      await read(2);
      collectYoung();
      const before = process.memoryUsage().heapUsed;
      await read(10);
      collectYoung();
      kept.push((process.memoryUsage().heapUsed - before) / 2 ** 20);
    }
    // The median, because a full collection invalidates its round. Rows that are kept take 2.4 MB.
    expect(kept.toSorted((a, b) => a - b)[2]).to.be.below(1);
  });
});
