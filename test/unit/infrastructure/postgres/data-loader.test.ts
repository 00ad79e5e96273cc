import { expect } from 'chai';
import type { Work } from '../../../../src/application/ports/request-deadline.ts';
import { createDataLoader } from '../../../../src/infrastructure/postgres/batching/data-loader.ts';
import { numbers } from '../../../support/in-batches.ts';
import { rejection, rejectionCode } from '../../../support/rejection.ts';

describe('createDataLoader', () => {
  const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  /** Doubles numbers, one batch at a time, when it is told to. */
  const doubling = (limits: { maxBatchSize: number; maxConcurrentBatches: number; current?: () => Work }) => {
    const sent: { keys: readonly number[]; done: PromiseWithResolvers<unknown> }[] = [];
    const { load: ask, waiting: waiting } = createDataLoader<number, number>(
      async (keys) => {
        const done = Promise.withResolvers<unknown>();
        sent.push({ keys, done });
        await done.promise;
        return (key) => 2 * key;
      },
      { maxWaiting: 4, maxWaitMilliseconds: 100, ...limits },
    );
    return { ask, waiting, sent };
  };

  it('asks once for all of a turn, and gives to each what is theirs', async () => {
    const { ask, sent } = doubling({ maxBatchSize: 10, maxConcurrentBatches: 2 });
    const answers = numbers(5).map(ask);
    expect(sent).to.be.empty;
    await nextTurn();
    expect(sent.map(({ keys }) => keys)).to.deep.equal([numbers(5)]);
    sent[0]?.done.resolve(null);
    expect(await Promise.all(answers)).to.deep.equal(numbers(5).map((n) => 2 * n));
  });

  it('sends no more keys in a batch, and no more batches, than there may be', async () => {
    const { ask, waiting, sent } = doubling({ maxBatchSize: 2, maxConcurrentBatches: 2 });
    const answers = [1, 2, 3, 4, 5].map(ask);
    expect(waiting()).to.equal(1);
    await nextTurn();
    expect(waiting()).to.equal(1);
    expect(sent.map(({ keys }) => keys)).to.deep.equal([
      [1, 2],
      [3, 4],
    ]);
    sent[1]?.done.resolve(null);
    expect(await answers[3]).to.equal(8);
    const late = ask(6);
    await nextTurn();
    await nextTurn();
    expect(sent[2]?.keys).to.deep.equal([5, 6]);
    for (const { done } of sent) done.resolve(null);
    expect(await Promise.all([...answers, late])).to.deep.equal([2, 4, 6, 8, 10, 12]);
    expect(waiting()).to.equal(0);
  });

  it('never sends a key with a batch that has left', async () => {
    const { ask, sent } = doubling({ maxBatchSize: 10, maxConcurrentBatches: 1 });
    const early = ask(1);
    await nextTurn();
    const late = ask(1);
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

  it('tells all of a batch when it fails, and goes on with the next', async () => {
    const { ask, sent } = doubling({ maxBatchSize: 2, maxConcurrentBatches: 1 });
    const failing = [1, 2].map((key) => rejection(ask(key)));
    const next = ask(3);
    await nextTurn();
    const error = new Error('lost');
    sent[0]?.done.reject(error);
    expect(await Promise.all(failing)).to.deep.equal([error, error]);
    await nextTurn();
    await nextTurn();
    sent[1]?.done.resolve(null);
    expect(await next).to.equal(6);
  });

  it('tells at once, or when the time is over, those for whom there is no room', async () => {
    const { ask, sent } = doubling({ maxBatchSize: 1, maxConcurrentBatches: 1 });
    const first = ask(0);
    await nextTurn();
    const waiting = numbers(4).map((key) => rejectionCode(ask(key)));
    expect(await rejectionCode(ask(9))).to.equal('overloaded');
    expect(await Promise.all(waiting)).to.deep.equal(Array(4).fill('overloaded'));
    sent[0]?.done.resolve(null);
    expect(await first).to.equal(0);
    const next = ask(5);
    await nextTurn();
    await nextTurn();
    expect(sent.map(({ keys }) => keys)).to.deep.equal([[0], [5]]);
    sent[1]?.done.resolve(null);
    expect(await next).to.equal(10);
  });

  it('does not send what nobody waits for any more', async () => {
    const works = numbers(3).map(() => ({ isOver: false, beginWrite: () => true }));
    let asking = 0;
    const { ask, sent } = doubling({
      maxBatchSize: 10,
      maxConcurrentBatches: 1,
      current: () => works[asking]!,
    });
    const answers = works.map((_, n) => {
      asking = n;
      return ask(n);
    });
    works[1]!.isOver = true;
    const late = rejectionCode(answers[1]!);
    await nextTurn();
    expect(sent.map(({ keys }) => keys)).to.deep.equal([[0, 2]]);
    sent[0]?.done.resolve(null);
    expect([await answers[0], await late, await answers[2]]).to.deep.equal([0, 'overloaded', 4]);
    asking = 1;
    expect(await rejectionCode(ask(1))).to.equal('overloaded');
    expect(sent).to.have.length(1);
  });
});
