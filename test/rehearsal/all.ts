import { expect } from 'chai';
import { toTable } from '../faults/table.ts';
import { audit } from './audit.ts';
import { endOnSignals } from './end-on-signals.ts';
import { findPrograms, type Programs } from './stack/programs.ts';
import { rehearse, type Result } from './scenario.ts';
import { killAll, openSite } from './stack/site.ts';
import { startStack, type Stack } from './stack/stack.ts';
import * as faults from './faults.ts';

interface Bounds {
  /** The longest time without an acknowledged write, in milliseconds. */
  readonly outageMs: number;
  /** The highest number of failed requests. Unset: not checked. */
  readonly failed?: number;
}

/** `npm run rehearse`: runs the whole stack as processes, and stops and kills its parts under load. */
describe('failover rehearsal', function () {
  this.timeout(180_000);
  const opened = new AsyncDisposableStack();
  const results: Result[] = [];
  let stack: Stack;

  before(async function () {
    const programs = findRequirements();
    if (programs === null) this.skip();
    const site = opened.use(await openSite(programs));
    const starting = startStack(site);
    opened.use(endOnSignals({ starting, abort: () => killAll(site), opened }));
    stack = opened.use(await starting);
  });
  after(async () => {
    for (const { writers } of results) for (const { client } of writers) client.close();
    await opened.disposeAsync();
    if (results.length === 0) return;
    console.log(`\n${toTable(results.map(({ row }) => row))}\n`);
    console.log(`${toTable(results.map(({ histories }) => histories.row))}\n`);
  });

  const scenario = (name: string, fault: (stack: Stack) => Promise<void>, bounds: Bounds): void => {
    describe(`given ${name}`, () => {
      let result: Result;
      before(async () => {
        result = await rehearse(name, stack, () => fault(stack));
        results.push(result);
      });

      const { outageMs, failed } = bounds;
      if (failed !== undefined)
        it(failed === 0 ? 'no request fails' : `at most ${failed} requests fail`, () => {
          expect(result.failed, result.row.failed).to.be.at.most(failed);
          if (failed === 0) expect(result.histories.row.failed).to.equal(0);
        });
      it(`writes succeed again within ${outageMs / 1000} s`, () => {
        expect(result.row['longest write outage (ms)']).to.be.below(outageMs);
      });
      it('no acknowledged write is lost, and no response is unexpected', () => {
        expect(result.details.join('\n')).to.equal('');
        expect(result.row.lost).to.equal(0);
      });
      it('no revision is repeated and no write is doubled', () => {
        expect(result.row.repeated).to.equal(0);
      });
      it('no read is stale', () => {
        expect(result.row['stale reads']).to.equal(0);
      });
      it('no write that was rejected with 503 is done', () => {
        expect(result.row['done though refused']).to.equal(0);
      });
      it('every history is linearizable, and no answer in it is unexpected', () => {
        const { notLinearizable, undecided, wrong, row } = result.histories;
        expect(notLinearizable.join('\n')).to.equal('');
        expect(undecided.join('\n')).to.equal('');
        expect(wrong.join('\n')).to.equal('');
        expect(row.tasks).to.be.above(0);
      });
      it('no revision goes back or is repeated in any history', () => {
        expect(result.histories.revisions.join('\n')).to.equal('');
      });
      it('the followers have applied each revision once, in order, and hold what the lists show', () => {
        expect(result.histories.followers.join('\n')).to.equal('');
        expect(result.histories.row['changes followed']).to.be.above(0);
      });
    });
  };

  scenario('rolling SIGTERM of the instances', faults.restartInstances, { outageMs: 2_000, failed: 0 });
  scenario('kill -9 of an instance', faults.killInstance, { outageMs: 2_000, failed: 12 });
  scenario('switchover', faults.switchOver, { outageMs: 5_000 });
  scenario('kill -9 of the primary', faults.killPrimary, { outageMs: 20_000 });
  scenario('restart of PgBouncer', faults.restartPooler, { outageMs: 3_000 });
  scenario('primary read-only for 3 s', faults.readOnlyForAWhile, { outageMs: 6_000 });

  describe('full disk of the primary', () => {
    before(async function () {
      if ((await stack.cluster.primary()).disk.keepFull !== null) return;
      console.log('Skipped: full disk of the primary (needs root and the right to mount).');
      this.skip();
    });
    // As long as a restart takes: PostgreSQL also stops here where its log needs a new file meanwhile.
    scenario('disk full for 8 s: tables cannot grow', faults.fillDisk, { outageMs: 23_000 });
    scenario('disk full for 15 s: the log cannot grow', faults.fillLog, { outageMs: 30_000 });
  });

  describe('given that all scenarios have run', () => {
    it('no acknowledged write is lost', async () => {
      const url = await stack.cluster.url();
      for (const { row, writers } of results)
        for (const writer of writers)
          expect((await audit(writer, stack.port, url)).lost.join('\n'), row.scenario).to.equal('');
    });
  });
});

/** Prints what is missing and returns null where the rehearsal cannot run. */
const findRequirements = (): Programs | null => {
  if (process.platform !== 'linux') {
    console.log('Skipped: the rehearsal (needs Linux, because processes are found through /proc).');
    return null;
  }
  const programs = findPrograms();
  if (!('postgres' in programs)) {
    console.log(`Skipped: the rehearsal:\n${programs.map((line) => `- ${line}`).join('\n')}`);
    return null;
  }
  return programs;
};
