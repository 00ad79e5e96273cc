import { expect } from 'chai';
import { getHeapSpaceStatistics } from 'node:v8';
import { sql } from 'slonik';
import { z } from 'zod';
import { postgresRepository, type PostgresRepository } from '../support/postgres-repository.ts';

describe('the rows of a query', () => {
  let subject: PostgresRepository;
  before(async () => {
    subject = await postgresRepository();
  });
  after(() => subject.close());

  const oldMegabytes = (): number =>
    (getHeapSpaceStatistics().find((space) => space.space_name === 'old_space')?.space_used_size ?? 0) /
    2 ** 20;

  it('do not outlive it: the old generation does not grow by what is read', async () => {
    const row = z.object({ n: z.int(), text: z.string() });
    const statement = sql.type(row)`SELECT n, md5(n::text) AS text FROM generate_series(1, 1000) AS n`;
    const read = async (times: number) => {
      for (let n = 0; n < times; n += 1) await subject.database.rows(statement);
    };
    await read(50);
    const before = oldMegabytes();
    await read(150);
    expect(oldMegabytes() - before).to.be.below(5);
  });
});
