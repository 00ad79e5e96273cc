import { expect } from 'chai';
import {
  withTimeout,
  TimeoutError,
} from '../../../../src/infrastructure/postgres/client/statement-timeout.ts';
import { rejection } from '../../../support/rejection.ts';
import { until } from '../../../support/until.ts';

describe('inTime', () => {
  it('gives what comes in time', async () => {
    expect(await withTimeout(1000, Promise.resolve('here'))).to.equal('here');
  });

  it('rejects as what it waits for does', async () => {
    const error = new Error('no');
    expect(await rejection(withTimeout(1000, Promise.reject(error)))).to.equal(error);
  });

  it('rejects with TooLate after the time, and passes on what comes after all', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const discarded: string[] = [];
    const error = await rejection(withTimeout(20, promise, (late) => discarded.push(late)));
    expect(error).to.be.instanceOf(TimeoutError).with.property('message', 'There was no answer within 20 ms');
    resolve('late');
    await until('it is passed on', () => discarded.length === 1);
    expect(discarded).to.deep.equal(['late']);
  });

  it('keeps a late rejection, and a failure to discard, to itself', async () => {
    const { promise, reject } = Promise.withResolvers<string>();
    await rejection(withTimeout(1, promise));
    reject(new Error('late'));
    const second = Promise.withResolvers<string>();
    await rejection(
      withTimeout(1, second.promise, () => {
        throw new Error('cannot be discarded');
      }),
    );
    second.resolve('late');
    await new Promise((resolve) => setImmediate(resolve));
  });
});
