import { expect } from 'chai';
import { toTable } from '../faults/table.ts';
import { audit } from './audit.ts';
import { endOnSignals } from './end-on-signals.ts';
import { findPrograms, type Programs } from './stack/programs.ts';
import { rehearse, type Result } from './scenario.ts';
import { killAll, openSite } from './stack/site.ts';
import { startStack, type Stack } from './stack/stack.ts';
import * as troubles from './troubles.ts';

interface Bounds {
  /** The longest time without an acknowledged write, in milliseconds. */
  readonly outageMs: number;
  /** Failed requests at most; any number where it is not given. */
  readonly failed?: number;
}

/** `npm run rehearse`: the whole stack in processes of its own, whose parts are stopped and killed under load. */
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
    if (results.length > 0) console.log(`\n${toTable(results.map(({ row }) => row))}\n`);
  });

  const scenario = (name: string, trouble: (stack: Stack) => Promise<void>, bounds: Bounds): void => {
    describe(name, () => {
      let result: Result;
      before(async () => {
        result = await rehearse(name, stack, () => trouble(stack));
        results.push(result);
      });

      const { outageMs, failed } = bounds;
      if (failed !== undefined)
        it(`fails ${failed === 0 ? 'no request' : `${failed} requests at most`}`, () => {
          expect(result.failed, result.row.failed).to.be.at.most(failed);
        });
      it(`acknowledges writes again within ${outageMs / 1000} s`, () => {
        expect(result.row['longest write outage (ms)']).to.be.below(outageMs);
      });
      it('loses no acknowledged write, and answers nothing unexpected', () => {
        expect(result.details.join('\n')).to.equal('');
        expect(result.row.lost).to.equal(0);
      });
      it('repeats no revision and doubles no write', () => {
        expect(result.row.repeated).to.equal(0);
      });
      it('shows no stale read', () => {
        expect(result.row['stale reads']).to.equal(0);
      });
      it('does nothing of what it refused with 503', () => {
        expect(result.row['done though refused']).to.equal(0);
      });
    });
  };

  scenario('rolling SIGTERM of the instances', troubles.restartInstances, { outageMs: 2_000, failed: 0 });
  scenario('kill -9 of an instance', troubles.killInstance, { outageMs: 2_000, failed: 12 });
  scenario('switchover', troubles.switchOver, { outageMs: 5_000 });
  scenario('kill -9 of the primary', troubles.killPrimary, { outageMs: 20_000 });
  scenario('restart of PgBouncer', troubles.restartPooler, { outageMs: 3_000 });
  scenario('primary read-only for 3 s', troubles.readOnlyForAWhile, { outageMs: 6_000 });

  describe('disk of the primary full', () => {
    before(async function () {
      if ((await stack.cluster.primary()).disk.keepFull !== null) return;
      console.log('Left out: a disk of its own needs root and the right to mount.');
      this.skip();
    });
    scenario('disk full for 8 s: tables cannot grow', troubles.fillDisk, { outageMs: 10_000 });
    scenario('disk full for 15 s: the log cannot grow', troubles.fillLog, { outageMs: 30_000 });
  });

  describe('all of them together', () => {
    it('keep every acknowledged write to the end', async () => {
      const url = await stack.cluster.url();
      for (const { row, writers } of results)
        for (const writer of writers)
          expect((await audit(writer, stack.port, url)).lost.join('\n'), row.scenario).to.equal('');
    });
  });
});

/** Null where a rehearsal cannot be made here, and says why. */
const findRequirements = (): Programs | null => {
  if (process.platform !== 'linux') {
    console.log('Left out: processes are found through /proc, which only Linux has.');
    return null;
  }
  const programs = findPrograms();
  if (!('postgres' in programs)) {
    console.log(`The rehearsal is left out:\n${programs.map((line) => `- ${line}`).join('\n')}`);
    return null;
  }
  return programs;
};
