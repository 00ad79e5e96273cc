import { expect } from 'chai';
import type { FaultClient, ClientResponse } from './clients/client.ts';
import { createLedger, keptTitles, type KnownTask, type Ledger } from './clients/ledger.ts';
import { longestGap } from './outage.ts';
import { readBack } from './clients/reads.ts';
import { followRevisions } from './clients/revisions.ts';
import { judge } from './clients/verdict.ts';

/** The fault suites rely on the ledger, so each kind of damage is planted here and has to be found. */
describe('the ledger of the fault suites', () => {
  let ledger: Ledger;
  beforeEach(() => {
    ledger = createLedger('user');
  });

  const known = (overrides: Partial<KnownTask> = {}): KnownTask => {
    const task = { id: 'a', title: 'A', completed: false, revision: 3, isDeleted: false, uncertain: null };
    const all: KnownTask = { ...task, ...overrides };
    ledger.tasks.set(all.id, all);
    ledger.revision = Math.max(ledger.revision, all.revision);
    return all;
  };
  const answering = (response: Partial<ClientResponse>): FaultClient => ({
    send: () => Promise.resolve({ status: 200, headers: {}, json: null, text: '', ...response }),
    close: () => undefined,
  });
  const shown = (revision: number, id = 'a') => ({ id, title: 'A', completed: false, revision });

  describe('revisions', () => {
    it('given one revision for each write, finds nothing', () => {
      const trail = followRevisions(ledger);
      for (const revision of [1, 2, undefined, 4]) trail.acknowledged(revision);
      expect(ledger).to.include({ repeated: 0, doubled: 0, doneThoughRefused: 0, revision: 4 });
    });

    it('given a revision twice, or a smaller one, counts it as repeated', () => {
      const trail = followRevisions(ledger);
      for (const revision of [5, 5, 4]) trail.acknowledged(revision);
      expect(ledger.repeated).to.equal(2);
    });

    it('given a revision that no write explains, counts a doubled write', () => {
      const trail = followRevisions(ledger);
      trail.acknowledged(1);
      trail.acknowledged(3);
      expect(ledger).to.include({ doubled: 1, doneThoughRefused: 0 });
    });

    it('given a revision that only a refused write explains, counts it as done though refused', () => {
      const trail = followRevisions(ledger);
      trail.acknowledged(1);
      trail.refused();
      trail.acknowledged(2);
      expect(ledger.doneThoughRefused).to.equal(0);
      trail.acknowledged(4);
      expect(ledger).to.include({ doubled: 0, doneThoughRefused: 1 });
    });

    it('given a revision that a lost answer explains, finds nothing, but only once', () => {
      const trail = followRevisions(ledger);
      trail.acknowledged(1);
      trail.unknown();
      trail.acknowledged(3);
      expect(ledger.doubled).to.equal(0);
      trail.acknowledged(5);
      expect(ledger.doubled).to.equal(1);
    });
  });

  describe('reads of a task', () => {
    const stale = async (task: KnownTask, response: Partial<ClientResponse>): Promise<number> => {
      await readBack(answering(response), 0, ledger, task);
      return ledger.stale;
    };

    it('given the acknowledged revision or a later one, is not stale', async () => {
      expect(await stale(known(), { json: shown(3) })).to.equal(0);
      expect(await stale(known(), { json: shown(4) })).to.equal(0);
    });

    it('given an older revision, is stale', async () => {
      expect(await stale(known(), { json: shown(2) })).to.equal(1);
    });

    it('given 404, is stale, unless a deletion was sent', async () => {
      expect(await stale(known({ uncertain: 'delete' }), { status: 404 })).to.equal(0);
      expect(await stale(known({ uncertain: 'change' }), { status: 404 })).to.equal(1);
      expect(await stale(known(), { status: 404 })).to.equal(2);
    });
  });

  describe('reads of a list', () => {
    const stale = async (counter: number, ...tasks: unknown[]): Promise<number> => {
      const headers = { etag: `W/"${counter}-all"` };
      await readBack(answering({ headers, json: tasks }), 0, ledger, null);
      return ledger.stale;
    };

    it('given the acknowledged counter and tasks, is not stale', async () => {
      known();
      expect(await stale(3, shown(3), shown(1, 'unknown'))).to.equal(0);
    });

    it('given an older counter, is stale', async () => {
      known();
      expect(await stale(2)).to.equal(1);
    });

    it('given an older revision of a task, or a deleted task, is stale', async () => {
      known();
      expect(await stale(3, shown(2))).to.equal(1);
      known({ isDeleted: true });
      expect(await stale(3, shown(3))).to.equal(2);
    });
  });

  describe('responses', () => {
    const headers = { 'retry-after': '1' };
    const answer = (status: number, code: string | null): ClientResponse => ({
      status,
      headers,
      json: code === null ? null : { status, code },
      text: '',
    });

    it('given 503, 504 and no response, counts them by status and code', () => {
      expect(judge(ledger, 'a write', answer(503, 'unavailable'))).to.equal('refused');
      expect(judge(ledger, 'a write', answer(504, 'outcome_unknown'))).to.equal('unknown');
      expect(judge(ledger, 'a write', answer(0, null))).to.equal('unknown');
      expect([...ledger.failures.keys()]).to.deep.equal([
        '503 unavailable',
        '504 outcome_unknown',
        'no answer',
      ]);
      expect(ledger.wrong).to.deep.equal([]);
    });

    it('given 500, a 503 without Retry-After or a 503 without a problem, counts them as wrong', () => {
      judge(ledger, 'a write', answer(500, 'internal_error'));
      judge(ledger, 'a write', { ...answer(503, 'unavailable'), headers: {} });
      judge(ledger, 'a write', answer(503, null));
      expect(ledger.wrong).to.have.length(3);
    });
  });

  it('given deleted and uncertain tasks, keeps the titles of the others', () => {
    known();
    known({ id: 'b', isDeleted: true });
    known({ id: 'c', uncertain: 'change' });
    expect(keptTitles(ledger)).to.deep.equal(['A']);
  });

  it('given unsorted times, finds the longest gap', () => {
    expect(longestGap([10, 0, 25, 12])).to.equal(13);
    expect(longestGap([])).to.equal(0);
  });
});
