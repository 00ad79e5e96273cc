import { expect } from 'chai';
import { sql } from 'slonik';
import { z } from 'zod';
import type { User } from '../../../../src/domain/user.ts';
import { batchedWrite } from '../../../../src/infrastructure/postgres/batching/batched-write.ts';
import type { Database } from '../../../../src/infrastructure/postgres/client/database.ts';
import { stubDatabase } from '../../../support/postgres/stub-database.ts';
import { anOwner } from '../../../support/tasks/tasks.ts';

describe('batchedWrite', () => {
  const row = z.object({ owner_id: z.string() });

  /** Records how writes are sent. A batch gets no connection; a single write is under way until the test calls `done`. */
  const recordedWrites = (overrides: Partial<Database> = {}) => {
    const sent: string[] = [];
    const singleWrites: { since: number; done: () => void }[] = [];
    const write = batchedWrite<{ owner: User }, z.infer<typeof row>, string>(stubDatabase(overrides), {
      single: (_command, since) => {
        sent.push('alone');
        return new Promise((resolve) => singleWrites.push({ since, done: () => resolve('done') }));
      },
      batch: (commands) => {
        sent.push(`together: ${commands.length}`);
        return sql.type(row)``;
      },
      resultOf: () => 'done together',
    });
    return { sent, singleWrites, write: () => write({ owner: anOwner() }) };
  };
  const nextTurns = async (): Promise<void> => {
    for (let n = 0; n < 4; n += 1) await new Promise((resolve) => setImmediate(resolve));
  };

  it('given a database without batching: sends each write alone, at once', () => {
    const { sent, write } = recordedWrites({ isBatching: false });
    for (let n = 0; n < 5; n += 1) void write();
    expect(sent).to.deep.equal(Array.from({ length: 5 }, () => 'alone'));
  });

  it('given one write at a time: sends it alone while fewer than two single writes are under way', async () => {
    const { sent, singleWrites, write } = recordedWrites();
    const results = [];
    for (let n = 0; n < 3; n += 1) {
      results.push(write());
      await nextTurns();
    }
    expect(sent).to.deep.equal(['alone', 'alone', 'together: 1', 'alone']);
    for (const { done } of singleWrites) done();
    expect(await Promise.all(results)).to.deep.equal(['done', 'done', 'done']);
    const next = write();
    await nextTurns();
    expect(sent.slice(4)).to.deep.equal(['alone']);
    singleWrites.at(-1)?.done();
    await next;
  });

  it('given writes that are left out of a batch: passes on when they were called, so that they do not wait as long again', async () => {
    const { singleWrites, write } = recordedWrites();
    const before = performance.now();
    const results = [write(), write()];
    const after = performance.now();
    await nextTurns();
    expect(singleWrites).to.have.length(2);
    for (const { since, done } of singleWrites) {
      expect(since).to.be.within(before, after);
      done();
    }
    await Promise.all(results);
  });
});
