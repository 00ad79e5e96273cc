import { setTimeout as pause } from 'node:timers/promises';
import type { Ledger } from '../faults/clients/ledger.ts';
import { longestGap } from '../faults/outage.ts';
import { startWriter, type Writer } from '../faults/clients/writer.ts';
import { inBatches, numbers } from '../support/in-batches.ts';
import { until } from '../support/until.ts';
import { audit } from './audit.ts';
import { startTeams, type HistoryResult } from './histories/rehearse-histories.ts';
import { startReader } from './reader.ts';
import type { Stack } from './stack/stack.ts';

/** A line of the table. */
export interface Row {
  readonly scenario: string;
  readonly requests: number;
  /** Requests that did not succeed, by status and code. */
  readonly failed: string;
  readonly 'longest write outage (ms)': number;
  readonly 'longest outage (ms)': number;
  readonly 'slowest write (ms)': number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly repeated: number;
  readonly 'stale reads': number;
  readonly 'done though refused': number;
}

export interface Result {
  readonly row: Row;
  /** Requests that failed. */
  readonly failed: number;
  /** Descriptions of up to ten lost writes and wrong responses. */
  readonly details: readonly string[];
  readonly writers: readonly Writer[];
  readonly histories: HistoryResult;
}

/** Six users, each with a writer and a reader: about 200 requests a second. */
const users = 6;
const pace = { pauseMs: 30, failurePauseMs: 100 };
const readPauseMs = 40;

/** How long the stack may take to recover after the fault, in milliseconds. */
const recoveryMs = 60_000;

/**
 * Runs writers and readers, and teams whose calls are recorded, during the fault and for a short time after it. Then audits the
 * writes and checks the histories.
 */
export const rehearse = async (
  scenario: string,
  stack: Stack,
  fault: () => Promise<void>,
): Promise<Result> => {
  const writers = await Promise.all(numbers(users).map(() => startWriter([stack.port], pace)));
  const readers = await Promise.all(
    writers.map(({ ledger }) => startReader(stack.port, ledger, readPauseMs)),
  );
  const ledgers = writers.map(({ ledger }) => ledger);
  await using opened = new AsyncDisposableStack();
  const teams = opened.adopt(await startTeams(stack.port), (started) => started.close());
  try {
    await until(
      'every user has written',
      () => ledgers.every(({ acknowledged }) => acknowledged >= 10),
      20_000,
    );
    await fault();
    const mendedAt = performance.now();
    await until(
      'every user writes again',
      () => ledgers.every(({ acknowledgedAt }) => (acknowledgedAt.at(-1) ?? 0) > mendedAt),
      recoveryMs,
    );
    await pause(500);
  } finally {
    for (const client of [...writers, ...readers]) client.stop();
    await Promise.all([teams.stop(), ...[...writers, ...readers].map(({ done }) => done)]);
  }
  await stack.cluster.becomeWhole();
  return {
    ...(await countUp(scenario, stack, writers)),
    writers,
    histories: await teams.check(scenario),
  };
};

const countUp = async (
  scenario: string,
  stack: Stack,
  writers: readonly Writer[],
): Promise<Omit<Result, 'writers' | 'histories'>> => {
  const url = await stack.cluster.url();
  const audits = await inBatches(2, writers, (writer) => audit(writer, stack.port, url));
  const ledgers = writers.map(({ ledger }) => ledger);
  const total = (count: (ledger: Ledger) => number): number =>
    ledgers.reduce((sum, ledger) => sum + count(ledger), 0);

  const failures = new Map<string, number>();
  for (const [label, count] of ledgers.flatMap((ledger) => [...ledger.failures]))
    failures.set(label, (failures.get(label) ?? 0) + count);
  const failed = [...failures.values()].reduce((sum, count) => sum + count, 0);
  const kinds = [...failures].map(([label, count]) => `${label}: ${count}`).join(', ');
  const lost = audits.flatMap((one) => one.lost);
  const refusedButThere = audits.reduce((sum, one) => sum + one.doneThoughRefused, 0);
  return {
    failed,
    details: [...lost, ...ledgers.flatMap(({ wrong }) => wrong)].slice(0, 10),
    row: {
      scenario,
      requests: total(({ sent, reads }) => sent + reads),
      failed: failed === 0 ? '0' : `${failed} (${kinds})`,
      'longest write outage (ms)': Math.round(
        longestGap(ledgers.flatMap(({ acknowledgedAt }) => acknowledgedAt)),
      ),
      'longest outage (ms)': Math.round(longestGap(ledgers.flatMap(({ succeededAt }) => succeededAt))),
      'slowest write (ms)': Math.round(Math.max(...ledgers.map(({ slowestMs }) => slowestMs))),
      acknowledged: total(({ acknowledged }) => acknowledged),
      lost: lost.length,
      repeated:
        total(({ repeated, doubled }) => repeated + doubled) +
        audits.reduce((sum, one) => sum + one.repeated, 0),
      'stale reads': total(({ stale }) => stale),
      // Revisions show every kind of refused write, unless lost responses hide them; titles show creations reliably.
      'done though refused': Math.max(
        total(({ doneThoughRefused }) => doneThoughRefused),
        refusedButThere,
      ),
    },
  };
};
