import { expect } from 'chai';
import { createBulkhead } from '../../../../src/infrastructure/postgres/client/bulkhead.ts';
import { createQueueLimit } from '../../../../src/infrastructure/postgres/client/queue-limit.ts';
import { rejectionCode } from '../../../support/rejection.ts';
import { timed } from '../../../support/until.ts';

/** Work that records that it began, and ends when the test calls `done` or `failed`. */
const aJob = () => {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const job = { isBegun: false, done: resolve, failed: reject, work: () => promise };
  job.work = () => {
    job.isBegun = true;
    return promise;
  };
  return job;
};

const begun = (jobs: readonly { readonly isBegun: boolean }[]): boolean[] => jobs.map((job) => job.isBegun);

/** Waits for everything that needs no timer. */
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('createBulkhead', () => {
  it('given more work than permits: runs as much as there are permits, and returns all results', async () => {
    const bulkhead = createBulkhead({
      permits: 2,
      queueLimit: createQueueLimit(2),
      maxWaitMilliseconds: 1000,
    });
    const jobs = [aJob(), aJob(), aJob()];
    const results = jobs.map((job) => bulkhead.run(job.work));
    await nextTurn();
    expect(begun(jobs)).to.deep.equal([true, true, false]);
    for (const [n, job] of jobs.entries()) job.done(`result ${n}`);
    expect(await Promise.all(results)).to.deep.equal(['result 0', 'result 1', 'result 2']);
  });

  it('given work that waits: runs it first come, first served', async () => {
    const bulkhead = createBulkhead({
      permits: 1,
      queueLimit: createQueueLimit(10),
      maxWaitMilliseconds: 1000,
    });
    const jobs = [aJob(), aJob(), aJob(), aJob()];
    const results = jobs.map((job) => bulkhead.run(job.work));
    for (const [n, job] of jobs.entries()) {
      await nextTurn();
      expect(begun(jobs)).to.deep.equal(jobs.map((_, other) => other <= n));
      job.done('');
    }
    await Promise.all(results);
  });

  it('given work that rejects: releases its permit', async () => {
    const bulkhead = createBulkhead({
      permits: 1,
      queueLimit: createQueueLimit(1),
      maxWaitMilliseconds: 1000,
    });
    for (let n = 0; n < 3; n += 1) {
      const failure = bulkhead.run(() => Promise.reject(new Error(`failure ${n}`)));
      const next = bulkhead.run(() => Promise.resolve('next'));
      expect(await failure.catch((error: unknown) => String(error))).to.equal(`Error: failure ${n}`);
      expect(await next).to.equal('next');
    }
  });

  it('given work that throws instead of returning a promise: releases its permit', async () => {
    const bulkhead = createBulkhead({
      permits: 1,
      queueLimit: createQueueLimit(0),
      maxWaitMilliseconds: 1000,
    });
    const thrower = (): Promise<never> => {
      throw new Error('at once');
    };
    expect(await bulkhead.run(thrower).catch((error: unknown) => String(error))).to.equal('Error: at once');
    expect(await bulkhead.run(() => Promise.resolve('next'))).to.equal('next');
  });

  it('given a full queue: rejects with overloaded at once, and never begins that work', async () => {
    const bulkhead = createBulkhead({
      permits: 1,
      queueLimit: createQueueLimit(1),
      maxWaitMilliseconds: 60_000,
    });
    const jobs = [aJob(), aJob(), aJob()];
    const [first, second, third] = jobs.map((job) => bulkhead.run(job.work));
    const [code, milliseconds] = await timed(() => rejectionCode(third!));
    expect(code).to.equal('overloaded');
    expect(milliseconds).to.be.below(500);
    for (const job of jobs) job.done('done');
    expect(await Promise.all([first, second])).to.deep.equal(['done', 'done']);
    expect(begun(jobs)).to.deep.equal([true, true, false]);
  });

  it('given work that waited too long: rejects with overloaded, never begins it, and frees its place in the queue', async () => {
    const bulkhead = createBulkhead({ permits: 1, queueLimit: createQueueLimit(2), maxWaitMilliseconds: 50 });
    const [busy, late, later, fresh] = [aJob(), aJob(), aJob(), aJob()];
    const first = bulkhead.run(busy.work);
    const codes = [bulkhead.run(late.work), bulkhead.run(later.work)].map(rejectionCode);
    const [refused, milliseconds] = await timed(() => Promise.all(codes));
    expect(refused).to.deep.equal(['overloaded', 'overloaded']);
    expect(milliseconds).to.be.within(40, 2000);
    const last = bulkhead.run(fresh.work);
    for (const job of [busy, late, later, fresh]) job.done('done');
    expect(await Promise.all([first, last])).to.deep.equal(['done', 'done']);
    expect(begun([busy, late, later, fresh])).to.deep.equal([true, false, false, true]);
  });

  it('given 50 pieces of work, of which some fail: all permits are free again', async () => {
    const bulkhead = createBulkhead({ permits: 3, queueLimit: createQueueLimit(5), maxWaitMilliseconds: 20 });
    const manyRuns = Array.from({ length: 50 }, (_, n) =>
      bulkhead
        .run(async () => {
          await nextTurn();
          if (n % 3 === 0) throw new Error('one of three');
        })
        .catch(() => undefined),
    );
    await Promise.all(manyRuns);
    const jobs = [aJob(), aJob(), aJob(), aJob()];
    const results = jobs.map((job) => bulkhead.run(job.work));
    await nextTurn();
    expect(begun(jobs)).to.deep.equal([true, true, true, false]);
    for (const job of jobs) job.done('');
    await Promise.all(results);
  });
});
