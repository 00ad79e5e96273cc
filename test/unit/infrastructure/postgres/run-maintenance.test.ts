import { expect } from 'chai';
import type { Observation } from '../../../../src/application/ports/observer.ts';
import { TaskholdError } from '../../../../src/domain/errors.ts';
import type { Statement } from '../../../../src/infrastructure/postgres/client/database.ts';
import { runMaintenance } from '../../../../src/infrastructure/postgres/maintenance/run-maintenance.ts';
import { until } from '../../../support/until.ts';

const options = { trashDays: 30, tombstoneDays: 90, pauseMs: 1 };

describe('runMaintenance', () => {
  /** A database without rows, whose statements end as `work` does; and the texts of the statements. */
  const databaseOf = (work: () => Promise<void>) => {
    const sent: string[] = [];
    const write = async <Row>({ sql }: Statement<Row>): Promise<readonly Row[]> => {
      sent.push(sql);
      await work();
      return [];
    };
    return { write, sent };
  };

  it('given a disposal in the first pause: ends at once, without a statement', async () => {
    const database = databaseOf(() => Promise.resolve());
    const work = runMaintenance(database, () => undefined, { ...options, pauseMs: 3_600_000 });
    await work[Symbol.asyncDispose]();
    expect(database.sent).to.deep.equal([]);
  });

  it('given a disposal while a statement runs: waits for it, sends no other, and observes nothing', async () => {
    const observations: Observation[] = [];
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const database = databaseOf(() => promise);
    const work = runMaintenance(database, (one) => void observations.push(one), options);
    await until('a statement runs', () => database.sent.length === 1);
    let isDisposed = false;
    const disposed = work[Symbol.asyncDispose]().then(() => (isDisposed = true));
    await new Promise(setImmediate);
    expect(isDisposed).to.be.false;
    resolve(undefined);
    await disposed;
    expect(database.sent).to.have.length(1);
    expect(observations).to.deep.equal([]);
  });

  it('given an error in each turn: each is observed once, and the next turn begins', async () => {
    const observations: Observation[] = [];
    const error = new Error('unexpected');
    const database = databaseOf(() => Promise.reject(error));
    const work = runMaintenance(database, (one) => void observations.push(one), options);
    await until('three turns', () => database.sent.length >= 3);
    await work[Symbol.asyncDispose]();
    expect(observations).to.deep.equal(database.sent.map(() => ({ type: 'maintenance_failed', error })));
  });

  it('given errors that the database has observed: not observed again, and the next turn begins', async () => {
    const observations: Observation[] = [];
    const database = databaseOf(() => Promise.reject(new TaskholdError('unavailable', 'not reachable')));
    const work = runMaintenance(database, (one) => void observations.push(one), options);
    await until('three turns', () => database.sent.length >= 3);
    await work[Symbol.asyncDispose]();
    expect(observations).to.deep.equal([]);
  });
});
