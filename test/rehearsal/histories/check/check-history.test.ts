import { expect } from 'chai';
import fc from 'fast-check';
import { runs, seed } from '../../../support/runs.ts';
import { createHistory, type History, type SeenTask } from '../history.ts';
import { falsify } from '../simulation/falsify.ts';
import { simulateHistory } from '../simulation/simulate-history.ts';
import { checkHistory } from './check-history.ts';
import { call, create, done, emptyTrash, remove, task } from './sample-calls.ts';

const list = (startedAt: number, ...tasks: readonly SeenTask[]): History['snapshots'][number] => ({
  client: 'a client',
  startedAt,
  endedAt: startedAt + 1,
  place: 'list',
  tasks: new Map(tasks.map((one) => [one.id, one])),
  isComplete: true,
});

const check = (parts: Partial<History>) => checkHistory({ ...createHistory('a user'), ...parts });

const isFaultless = (history: History): boolean => {
  const { notLinearizable, undecided, revisions } = checkHistory(history);
  return notLinearizable.length + undecided.length + revisions.length === 0;
};

describe('checkHistory', () => {
  const created = call(0, 1, create, done(task(1)));
  const unanswered = { ...call(0, 1, create, null), id: null };

  it('given a creation without an answer whose task is listed: linearizable', () => {
    const verdict = check({ calls: [unanswered], snapshots: [list(0), list(2, task(1)), list(4, task(1))] });
    expect(verdict).to.deep.include({ notLinearizable: [], revisions: [], tasks: 1, callsOfTasks: 4 });
  });

  it('given a creation without an answer whose task is not listed: linearizable', () => {
    const verdict = check({ calls: [unanswered], snapshots: [list(2)] });
    expect(verdict).to.deep.include({ notLinearizable: [], tasks: 0 });
  });

  it('given a creation without an answer that is done twice: a violation', () => {
    const { notLinearizable } = check({
      calls: [unanswered],
      snapshots: [list(2, task(1), { ...task(2), id: 'second' })],
    });
    expect(notLinearizable).to.have.length(1);
    expect(notLinearizable[0]).to.include('task second');
  });

  it('given an acknowledged creation that is done twice: a violation', () => {
    const snapshots = [list(2, task(1), { ...task(2), id: 'second' })];
    expect(check({ calls: [created], snapshots }).notLinearizable).to.have.length(1);
  });

  it('given a list without a task that was created: a violation', () => {
    const { notLinearizable } = check({ calls: [created], snapshots: [list(2)] });
    expect(notLinearizable[0]).to.include('2.0–3.0 a client read → missing');
  });

  it('given a list with a task from the trash that was emptied: a violation', () => {
    const emptied = { ...call(4, 5, emptyTrash, done()), id: null };
    const calls = [created, call(2, 3, remove(), done()), emptied];
    expect(check({ calls, snapshots: [list(6)] }).notLinearizable).to.deep.equal([]);
    expect(check({ calls, snapshots: [list(6, task(3))] }).notLinearizable).to.have.length(1);
  });

  const simulation = fc.record({
    seed: fc.nat(),
    clients: fc.integer({ min: 1, max: 6 }),
    calls: fc.integer({ min: 1, max: 200 }),
    lost: fc.integer({ min: 0, max: 20 }),
  });

  it('given concurrent clients of a correct store: no fault is found', () => {
    fc.assert(
      fc.property(simulation, (of) => isFaultless(simulateHistory(of))),
      { numRuns: runs(100), ...seed },
    );
  });

  it('given one false answer in each of many histories: nearly all are found', () => {
    const found = new Map<string, { falsified: number; found: number }>();
    for (let n = 1; n <= 1_000; n += 1) {
      const falsified = falsify(simulateHistory({ seed: n, clients: 4, calls: 80, lost: 10 }), n);
      if (falsified === null) continue;
      const count = found.get(falsified.change) ?? { falsified: 0, found: 0 };
      found.set(falsified.change, count);
      count.falsified += 1;
      if (!isFaultless(falsified.history)) count.found += 1;
    }
    expect([...found.keys()]).to.have.length(6);
    // The rest are answers that another order, or a lost call, explains.
    for (const [change, count] of found)
      expect(count.found, change)
        .to.be.above(0.8 * count.falsified)
        .and.above(5);
  });
});
