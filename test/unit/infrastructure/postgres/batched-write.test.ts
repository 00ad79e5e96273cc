import { expect } from 'chai';
import { sql } from 'slonik';
import { z } from 'zod';
import type { Owner } from '../../../../src/domain/user.ts';
import { batchedWrite } from '../../../../src/infrastructure/postgres/batching/batched-write.ts';
import { stubDatabase } from '../../../support/postgres/stub-database.ts';
import { anOwner } from '../../../support/tasks/tasks.ts';

describe('batchedWrite', () => {
  const row = z.object({ owner_id: z.string() });

  /** A write that says how it went: what goes together never gets a connection, what goes alone is held until it is told. */
  const observed = () => {
    const ways: string[] = [];
    const alone: { since: number; done: () => void }[] = [];
    const write = batchedWrite<{ owner: Owner }, z.infer<typeof row>, string>(stubDatabase({}), {
      single: (_asked, since) => {
        ways.push('alone');
        return new Promise((resolve) => alone.push({ since, done: () => resolve('done') }));
      },
      batch: (asked) => {
        ways.push(`together: ${asked.length}`);
        return sql.type(row)``;
      },
      resultOf: () => 'done together',
    });
    return { ways, alone, write: () => write({ owner: anOwner() }) };
  };
  const turns = async (): Promise<void> => {
    for (let n = 0; n < 4; n += 1) await new Promise((resolve) => setImmediate(resolve));
  };

  it('sends alone who comes alone, until two are on their way so', async () => {
    const { ways, alone, write } = observed();
    const results = [];
    for (let n = 0; n < 3; n += 1) {
      results.push(write());
      await turns();
    }
    expect(ways).to.deep.equal(['alone', 'alone', 'together: 1', 'alone']);
    for (const { done } of alone) done();
    expect(await Promise.all(results)).to.deep.equal(['done', 'done', 'done']);
    const next = write();
    await turns();
    expect(ways.slice(4)).to.deep.equal(['alone']);
    alone.at(-1)?.done();
    await next;
  });

  it('tells who is left out since when it has waited, lest it wait as long once more', async () => {
    const { alone, write } = observed();
    const before = performance.now();
    const results = [write(), write()];
    const after = performance.now();
    await turns();
    expect(alone).to.have.length(2);
    for (const { since, done } of alone) {
      expect(since).to.be.within(before, after);
      done();
    }
    await Promise.all(results);
  });
});
