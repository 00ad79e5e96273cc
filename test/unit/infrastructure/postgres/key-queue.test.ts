import { expect } from 'chai';
import { createKeyQueue } from '../../../../src/infrastructure/postgres/keys/key-queue.ts';
import { rejectionCode } from '../../../support/rejection.ts';

describe('key queue', () => {
  /** Work that ends when the test says so. */
  const pausable = () => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    let begun = false;
    const work = (): Promise<string> => {
      begun = true;
      return promise;
    };
    return { work, hasBegun: () => begun, end: resolve, fail: reject };
  };
  const nextTurn = () => new Promise(setImmediate);

  it('given work under one key: one after the other, in order', async () => {
    const queue = createKeyQueue(60_000);
    const works = [pausable(), pausable(), pausable()];
    const results = works.map(({ work }) => queue('a', work));
    for (const [n, { end }] of works.entries()) {
      await nextTurn();
      expect(works.map(({ hasBegun }) => hasBegun())).to.deep.equal([true, n > 0, n > 1]);
      end(`${n}`);
    }
    expect(await Promise.all(results)).to.deep.equal(['0', '1', '2']);
  });

  it('given work under other keys: does not wait', async () => {
    const queue = createKeyQueue(60_000);
    const first = pausable();
    const running = queue('a', first.work);
    expect(await queue('b', () => Promise.resolve('b'))).to.equal('b');
    first.end('a');
    expect(await running).to.equal('a');
  });

  it('given work that fails: the next one begins', async () => {
    const queue = createKeyQueue(60_000);
    const [first, second] = [pausable(), pausable()];
    const running = queue('a', first.work).catch(() => 'failed');
    const waiting = queue('a', second.work);
    first.fail(new Error('refused'));
    expect(await running).to.equal('failed');
    second.end('second');
    expect(await waiting).to.equal('second');
    expect(await queue('a', () => Promise.resolve('third'))).to.equal('third');
  });

  it('given work that does not end: the others are idempotency_key_in_use, and never begin', async () => {
    const queue = createKeyQueue(5);
    const [first, second, third] = [pausable(), pausable(), pausable()];
    const running = queue('a', first.work);
    const codes = await Promise.all([second, third].map(({ work }) => rejectionCode(queue('a', work))));
    expect(codes).to.deep.equal(['idempotency_key_in_use', 'idempotency_key_in_use']);
    first.end('first');
    expect(await running).to.equal('first');
    expect([second.hasBegun(), third.hasBegun()]).to.deep.equal([false, false]);
    expect(await queue('a', () => Promise.resolve('later'))).to.equal('later');
  });
});
