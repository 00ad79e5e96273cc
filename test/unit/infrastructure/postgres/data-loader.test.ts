import { expect } from 'chai';
import type { Work } from '../../../../src/application/ports/request-deadline.ts';
import { createDataLoader, loadAlone } from '../../../../src/infrastructure/postgres/batching/data-loader.ts';
import { createQueueLimit } from '../../../../src/infrastructure/postgres/client/queue-limit.ts';
import { numbers } from '../../../support/in-batches.ts';
import { rejection, rejectionCode } from '../../../support/rejection.ts';

describe('createDataLoader', () => {
  const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  /** A loader that doubles numbers. A batch ends when the test resolves or rejects its `done`. */
  const doublingLoader = (limits: {
    maxBatchSize: number;
    maxConcurrentBatches: number;
    current?: () => Work;
  }) => {
    const sent: { keys: readonly number[]; done: PromiseWithResolvers<unknown> }[] = [];
    const queueLimit = createQueueLimit(4);
    const load = createDataLoader<number, number>(
      async (keys) => {
        const done = Promise.withResolvers<unknown>();
        sent.push({ keys, done });
        await done.promise;
        return (key) => 2 * key;
      },
      { queueLimit, maxWaitMilliseconds: 100, ...limits },
    );
    return { load, waiting: queueLimit.waiting, sent };
  };

  it('given keys of one turn of the event loop: loads one batch, and returns the value of each key', async () => {
    const { load, sent } = doublingLoader({ maxBatchSize: 10, maxConcurrentBatches: 2 });
    const values = numbers(5).map(load);
    expect(sent).to.be.empty;
    await nextTurn();
    expect(sent.map(({ keys }) => keys)).to.deep.equal([numbers(5)]);
    sent[0]?.done.resolve(null);
    expect(await Promise.all(values)).to.deep.equal(numbers(5).map((n) => 2 * n));
  });

  it('given more keys than the limits allow: keeps to the size and the number of batches', async () => {
    const { load, waiting, sent } = doublingLoader({ maxBatchSize: 2, maxConcurrentBatches: 2 });
    const values = [1, 2, 3, 4, 5].map(load);
    expect(waiting()).to.equal(1);
    await nextTurn();
    expect(waiting()).to.equal(1);
    expect(sent.map(({ keys }) => keys)).to.deep.equal([
      [1, 2],
      [3, 4],
    ]);
    sent[1]?.done.resolve(null);
    expect(await values[3]).to.equal(8);
    const late = load(6);
    await nextTurn();
    await nextTurn();
    expect(sent[2]?.keys).to.deep.equal([5, 6]);
    for (const { done } of sent) done.resolve(null);
    expect(await Promise.all([...values, late])).to.deep.equal([2, 4, 6, 8, 10, 12]);
    expect(waiting()).to.equal(0);
  });

  it('given a key that is loaded while a batch with it is under way: sends it in a later batch', async () => {
    const { load, sent } = doublingLoader({ maxBatchSize: 10, maxConcurrentBatches: 1 });
    const early = load(1);
    await nextTurn();
    const late = load(1);
    await nextTurn();
    expect(sent).to.have.length(1);
    sent[0]?.done.resolve(null);
    await early;
    await nextTurn();
    await nextTurn();
    expect(sent).to.have.length(2);
    sent[1]?.done.resolve(null);
    expect(await late).to.equal(2);
  });

  it('given a failed batch: rejects all of its keys, and sends the next batch', async () => {
    const { load, sent } = doublingLoader({ maxBatchSize: 2, maxConcurrentBatches: 1 });
    const failing = [1, 2].map((key) => rejection(load(key)));
    const next = load(3);
    await nextTurn();
    const error = new Error('lost');
    sent[0]?.done.reject(error);
    expect(await Promise.all(failing)).to.deep.equal([error, error]);
    await nextTurn();
    await nextTurn();
    sent[1]?.done.resolve(null);
    expect(await next).to.equal(6);
  });

  it('given a full queue: rejects with overloaded, a new key at once and waiting keys after the timeout', async () => {
    const { load, sent } = doublingLoader({ maxBatchSize: 1, maxConcurrentBatches: 1 });
    const first = load(0);
    await nextTurn();
    const waiting = numbers(4).map((key) => rejectionCode(load(key)));
    expect(await rejectionCode(load(9))).to.equal('overloaded');
    expect(await Promise.all(waiting)).to.deep.equal(Array(4).fill('overloaded'));
    sent[0]?.done.resolve(null);
    expect(await first).to.equal(0);
    const next = load(5);
    await nextTurn();
    await nextTurn();
    expect(sent.map(({ keys }) => keys)).to.deep.equal([[0], [5]]);
    sent[1]?.done.resolve(null);
    expect(await next).to.equal(10);
  });

  it('given a key whose request is over: rejects with overloaded, and does not send it', async () => {
    const works = numbers(3).map(() => ({ isOver: false, beginWrite: () => true }));
    let requestIndex = 0;
    const { load, sent } = doublingLoader({
      maxBatchSize: 10,
      maxConcurrentBatches: 1,
      current: () => works[requestIndex]!,
    });
    const values = works.map((_, n) => {
      requestIndex = n;
      return load(n);
    });
    works[1]!.isOver = true;
    const late = rejectionCode(values[1]!);
    await nextTurn();
    expect(sent.map(({ keys }) => keys)).to.deep.equal([[0, 2]]);
    sent[0]?.done.resolve(null);
    expect([await values[0], await late, await values[2]]).to.deep.equal([0, 'overloaded', 4]);
    requestIndex = 1;
    expect(await rejectionCode(load(1))).to.equal('overloaded');
    expect(sent).to.have.length(1);
  });
});

describe('loadAlone', () => {
  it('given two keys at once: loads each by itself', async () => {
    const sent: (readonly number[])[] = [];
    const load = loadAlone<number, number>((keys) => {
      sent.push(keys);
      return Promise.resolve((key) => 2 * key);
    });
    expect(await Promise.all([load(1), load(2)])).to.deep.equal([2, 4]);
    expect(sent).to.deep.equal([[1], [2]]);
  });
});
