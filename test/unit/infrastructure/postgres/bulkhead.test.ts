import { expect } from 'chai';
import { createBulkhead } from '../../../../src/infrastructure/postgres/client/bulkhead.ts';
import { rejectionCode } from '../../../support/rejection.ts';
import { timed } from '../../../support/until.ts';

/** Work that is begun when it is let in, and done when the test says so. */
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

/** Lets everything happen that can happen without time passing. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the gate before the pool', () => {
  it('lets in as many as there are places, and gives what they give', async () => {
    const gate = createBulkhead({ permits: 2, maxWaiting: 2, maxWaitMilliseconds: 1000 });
    const jobs = [aJob(), aJob(), aJob()];
    const results = jobs.map((job) => gate.run(job.work));
    await settle();
    expect(begun(jobs)).to.deep.equal([true, true, false]);
    for (const [n, job] of jobs.entries()) job.done(`result ${n}`);
    expect(await Promise.all(results)).to.deep.equal(['result 0', 'result 1', 'result 2']);
  });

  it('lets those who wait in one after the other, first come, first served', async () => {
    const gate = createBulkhead({ permits: 1, maxWaiting: 10, maxWaitMilliseconds: 1000 });
    const jobs = [aJob(), aJob(), aJob(), aJob()];
    const results = jobs.map((job) => gate.run(job.work));
    for (const [n, job] of jobs.entries()) {
      await settle();
      expect(begun(jobs)).to.deep.equal(jobs.map((_, other) => other <= n));
      job.done('');
    }
    await Promise.all(results);
  });

  it('gives a place back whose work fails', async () => {
    const gate = createBulkhead({ permits: 1, maxWaiting: 1, maxWaitMilliseconds: 1000 });
    for (let n = 0; n < 3; n += 1) {
      const failure = gate.run(() => Promise.reject(new Error(`failure ${n}`)));
      const next = gate.run(() => Promise.resolve('next'));
      expect(await failure.catch((error: unknown) => String(error))).to.equal(`Error: failure ${n}`);
      expect(await next).to.equal('next');
    }
  });

  it('gives a place back whose work throws before it has begun', async () => {
    const gate = createBulkhead({ permits: 1, maxWaiting: 0, maxWaitMilliseconds: 1000 });
    const thrower = (): Promise<never> => {
      throw new Error('at once');
    };
    expect(await gate.run(thrower).catch((error: unknown) => String(error))).to.equal('Error: at once');
    expect(await gate.run(() => Promise.resolve('next'))).to.equal('next');
  });

  it('refuses at once where too many wait, and never begins that work', async () => {
    const gate = createBulkhead({ permits: 1, maxWaiting: 1, maxWaitMilliseconds: 60_000 });
    const jobs = [aJob(), aJob(), aJob()];
    const [first, second, third] = jobs.map((job) => gate.run(job.work));
    const [code, milliseconds] = await timed(() => rejectionCode(third!));
    expect(code).to.equal('overloaded');
    expect(milliseconds).to.be.below(500);
    for (const job of jobs) job.done('done');
    expect(await Promise.all([first, second])).to.deep.equal(['done', 'done']);
    expect(begun(jobs)).to.deep.equal([true, true, false]);
  });

  it('refuses who has waited long enough, never begins that work, and makes room for others', async () => {
    const gate = createBulkhead({ permits: 1, maxWaiting: 2, maxWaitMilliseconds: 50 });
    const [busy, late, later, fresh] = [aJob(), aJob(), aJob(), aJob()];
    const first = gate.run(busy.work);
    const codes = [gate.run(late.work), gate.run(later.work)].map(rejectionCode);
    const [refused, milliseconds] = await timed(() => Promise.all(codes));
    expect(refused).to.deep.equal(['overloaded', 'overloaded']);
    expect(milliseconds).to.be.within(40, 2000);
    const last = gate.run(fresh.work);
    for (const job of [busy, late, later, fresh]) job.done('done');
    expect(await Promise.all([first, last])).to.deep.equal(['done', 'done']);
    expect(begun([busy, late, later, fresh])).to.deep.equal([true, false, false, true]);
  });

  it('has all its places again after a storm', async () => {
    const gate = createBulkhead({ permits: 3, maxWaiting: 5, maxWaitMilliseconds: 20 });
    const storm = Array.from({ length: 50 }, (_, n) =>
      gate
        .run(async () => {
          await settle();
          if (n % 3 === 0) throw new Error('one of three');
        })
        .catch(() => undefined),
    );
    await Promise.all(storm);
    const jobs = [aJob(), aJob(), aJob(), aJob()];
    const results = jobs.map((job) => gate.run(job.work));
    await settle();
    expect(begun(jobs)).to.deep.equal([true, true, true, false]);
    for (const job of jobs) job.done('');
    await Promise.all(results);
  });
});
