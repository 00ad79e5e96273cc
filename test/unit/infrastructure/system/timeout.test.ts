import { expect } from 'chai';
import { withTimeout, TimeoutError } from '../../../../src/infrastructure/system/timeout.ts';
import { rejection } from '../../../support/rejection.ts';
import { until } from '../../../support/until.ts';

describe('withTimeout', () => {
  it('given a promise that resolves in time: resolves to its value', async () => {
    expect(await withTimeout(1000, Promise.resolve('here'))).to.equal('here');
  });

  it('given a promise that rejects in time: rejects with its error', async () => {
    const error = new Error('no');
    expect(await rejection(withTimeout(1000, Promise.reject(error)))).to.equal(error);
  });

  it('given a promise that resolves too late: rejects with TimeoutError, and passes the value to `discard`', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const discarded: string[] = [];
    const error = await rejection(withTimeout(20, promise, (late) => discarded.push(late)));
    expect(error).to.be.instanceOf(TimeoutError).with.property('message', 'There was no answer within 20 ms');
    resolve('late');
    await until('the late value is passed to `discard`', () => discarded.length === 1);
    expect(discarded).to.deep.equal(['late']);
  });

  it('given a late rejection, or a `discard` that throws: no unhandled rejection', async () => {
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
