import { expect } from 'chai';
import { setTimeout as pause } from 'node:timers/promises';
import { createBulkhead } from '../../../../src/infrastructure/postgres/client/bulkhead.ts';
import { requestDeadline } from '../../../../src/infrastructure/system/request-deadline.ts';
import { rejection, rejectionCode } from '../../../support/rejection.ts';

describe('a deadline', () => {
  it('gives back what the work gives, or throws what it throws', async () => {
    const deadline = requestDeadline(1_000);
    expect(await deadline.limit(() => Promise.resolve(7))).to.equal(7);
    const error = new Error('broken');
    expect(await rejection(deadline.limit(() => Promise.reject(error)))).to.equal(error);
  });

  it('rejects with timeout when the work takes too long', async () => {
    expect(await rejectionCode(requestDeadline(20).limit(() => new Promise(() => undefined)))).to.equal(
      'timeout',
    );
  });

  it('allows a write while there is time, and none afterwards', async () => {
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
    const patient = requestDeadline(1_000);
    expect(await patient.limit(() => Promise.resolve(patient.current().beginWrite()))).to.be.true;
  });

  it('rejects with outcome_unknown where a write was sent before the time was over', async () => {
    const deadline = requestDeadline(20);
    const writing = deadline.limit(() => {
      deadline.current().beginWrite();
      return new Promise(() => undefined);
    });
    const reading = deadline.limit(() => new Promise(() => undefined));
    expect(await rejectionCode(writing)).to.equal('outcome_unknown');
    expect(await rejectionCode(reading)).to.equal('timeout');
  });

  it('tells the work, at any depth, when it is over, and nobody else', async () => {
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

  it('keeps work out of the gate that is over when its turn comes, and lets the next in', async () => {
    const gate = createBulkhead({ permits: 1, maxWaiting: 2, maxWaitMilliseconds: 1_000 });
    const work = { isOver: false };
    const done: string[] = [];
    const first = gate.run(() => pause(30));
    const late = rejectionCode(gate.run(() => Promise.resolve(done.push('late')), work));
    const next = gate.run(() => Promise.resolve(done.push('next')));
    work.isOver = true;
    await first;
    expect(await late).to.equal('overloaded');
    await next;
    expect(done).to.deep.equal(['next']);
  });
});
