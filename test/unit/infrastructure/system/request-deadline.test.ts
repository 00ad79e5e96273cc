import { expect } from 'chai';
import { setTimeout as pause } from 'node:timers/promises';
import { createBulkhead } from '../../../../src/infrastructure/postgres/client/bulkhead.ts';
import { createQueueLimit } from '../../../../src/infrastructure/postgres/client/queue-limit.ts';
import { requestDeadline } from '../../../../src/infrastructure/system/request-deadline.ts';
import { rejection, rejectionCode } from '../../../support/rejection.ts';

describe('requestDeadline', () => {
  it('given work that ends in time: returns its result, or rejects with its error', async () => {
    const deadline = requestDeadline(1_000);
    expect(await deadline.limit(() => Promise.resolve(7))).to.equal(7);
    const error = new Error('broken');
    expect(await rejection(deadline.limit(() => Promise.reject(error)))).to.equal(error);
  });

  it('given work that takes too long: rejects with timeout', async () => {
    expect(await rejectionCode(requestDeadline(20).limit(() => new Promise(() => undefined)))).to.equal(
      'timeout',
    );
  });

  it('given a time limit that has passed: refuses a write; before it: allows the write', async () => {
    const deadline = requestDeadline(20);
    const allowed: boolean[] = [];
    const late = deadline.limit(async () => {
      const work = deadline.current();
      await pause(60);
      allowed.push(work.beginWrite());
    });
    expect(await rejectionCode(late)).to.equal('timeout');
    await pause(60);
    expect(allowed).to.deep.equal([false]);
    const long = requestDeadline(1_000);
    expect(await long.limit(() => Promise.resolve(long.current().beginWrite()))).to.be.true;
  });

  it('given a write that was sent before the time limit: rejects with outcome_unknown', async () => {
    const deadline = requestDeadline(20);
    const writing = deadline.limit(() => {
      deadline.current().beginWrite();
      return new Promise(() => undefined);
    });
    const reading = deadline.limit(() => new Promise(() => undefined));
    expect(await rejectionCode(writing)).to.equal('outcome_unknown');
    expect(await rejectionCode(reading)).to.equal('timeout');
  });

  it('given a time limit that has passed: isOver is true in nested calls, and false outside', async () => {
    const deadline = requestDeadline(20);
    const seen: boolean[] = [];
    let finished = (): void => undefined;
    const done = new Promise<void>((resolve) => (finished = resolve));
    const deep = async (): Promise<void> => {
      const work = deadline.current();
      seen.push(work.isOver);
      await pause(60);
      seen.push(work.isOver, deadline.current().isOver);
      finished();
    };
    const outside = deadline.current();
    expect(await rejectionCode(deadline.limit(async () => deep()))).to.equal('timeout');
    await done;
    expect(seen).to.deep.equal([false, true, true]);
    expect([outside.isOver, deadline.current().isOver]).to.deep.equal([false, false]);
  });

  it('given queued work whose time limit has passed: overloaded, and the next in the queue runs', async () => {
    const bulkhead = createBulkhead({
      permits: 1,
      queueLimit: createQueueLimit(2),
      maxWaitMilliseconds: 1_000,
    });
    const work = { isOver: false };
    const done: string[] = [];
    const first = bulkhead.run(() => pause(30));
    const late = rejectionCode(bulkhead.run(() => Promise.resolve(done.push('late')), work));
    const next = bulkhead.run(() => Promise.resolve(done.push('next')));
    work.isOver = true;
    await first;
    expect(await late).to.equal('overloaded');
    await next;
    expect(done).to.deep.equal(['next']);
  });
});
