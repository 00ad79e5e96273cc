import { expect } from 'chai';
import { setTimeout as pause } from 'node:timers/promises';
import { numbers } from '../support/in-batches.ts';
import { until } from '../support/until.ts';
import { findAgain } from './findings.ts';
import { keptTitles } from './clients/ledger.ts';
import { watchHealth } from './health-watch.ts';
import { longestGap } from './outage.ts';
import type { ServiceProcess } from './processes/service-process.ts';
import { startWriter } from './clients/writer.ts';

export interface Scenario {
  readonly name: string;
  readonly services: readonly ServiceProcess[];
  /** Causes a fault and removes it. */
  readonly fault: () => Promise<void>;
  /** The service is down for a time. Otherwise its liveness has to be 200 all the time. */
  readonly isServiceKilled?: boolean;
  /** The fault lasts so long that the service has to become unready. */
  readonly isOutage?: boolean;
  /** No request may fail. */
  readonly isUnnoticed?: boolean;
}

/** A line of the table. */
export interface Row {
  readonly scenario: string;
  readonly sent: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly unanswered: number;
  readonly 'found again': string;
  readonly doubled: number;
  readonly lost: number;
  readonly 'stale reads': number;
  readonly 'longest outage (ms)': number;
  readonly 'back after (ms)': number;
  readonly 'slowest answer (ms)': number;
}

const writers = 8;

/** How soon after the fault the writes of every user have to be acknowledged, in milliseconds. */
const recoveryMs = 2_000;

export const playScenario = async (scenario: Scenario): Promise<Row> => {
  const ports = scenario.services.map(({ port }) => port);
  const team = await Promise.all(numbers(writers).map(() => startWriter(ports)));
  const health = watchHealth(ports[0] ?? 0);
  let mendedAt = 0;
  try {
    await until(
      'every user has written',
      () => team.every(({ ledger }) => ledger.acknowledged >= 20),
      10_000,
    );
    await scenario.fault();
    mendedAt = performance.now();
    await until(
      'every user writes again',
      () => team.every(({ ledger }) => (ledger.acknowledgedAt.at(-1) ?? 0) > mendedAt),
      10_000,
    );
    await pause(300);
  } finally {
    for (const writer of team) writer.stop();
    await Promise.all(team.map(({ done }) => done));
    await health.stop();
  }
  const found = await Promise.all(team.map((writer) => findAgain(writer, ports[0] ?? 0)));
  for (const { client } of team) client.close();

  const ledgers = team.map(({ ledger }) => ledger);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const kept = sum(ledgers.map((ledger) => keptTitles(ledger).length));
  const row: Row = {
    scenario: scenario.name,
    sent: sum(ledgers.map(({ sent }) => sent)),
    acknowledged: sum(ledgers.map(({ acknowledged }) => acknowledged)),
    refused: sum(ledgers.map(({ refused, unknown, unanswered }) => refused + unknown - unanswered)),
    unanswered: sum(ledgers.map(({ unanswered }) => unanswered)),
    'found again': `${sum(found.map(({ foundAgain }) => foundAgain))} of ${kept}`,
    doubled: sum(found.map(({ doubled }) => doubled)),
    lost: sum(found.map(({ lost }) => lost)),
    'stale reads': sum(ledgers.map(({ stale }) => stale)),
    'longest outage (ms)': Math.round(
      Math.max(...ledgers.map(({ acknowledgedAt }) => longestGap(acknowledgedAt))),
    ),
    'back after (ms)': Math.round(
      Math.max(...ledgers.map(({ acknowledgedAt }) => firstAfter(acknowledgedAt, mendedAt) - mendedAt)),
    ),
    'slowest answer (ms)': Math.round(Math.max(...ledgers.map(({ slowestMs }) => slowestMs))),
  };

  expect(
    firstOf(ledgers.flatMap(({ wrong }) => wrong)),
    'responses that the contract does not allow',
  ).to.equal('');
  expect(row, scenario.name).to.include({ doubled: 0, lost: 0, 'stale reads': 0 });
  expect(row['found again']).to.equal(`${kept} of ${kept}`);
  expect(row['back after (ms)'], 'milliseconds until every user writes again').to.be.at.most(recoveryMs);
  expect(firstOf(scenario.services.flatMap((service) => service.errorLines()))).to.equal('');
  if (scenario.isOutage === true) expect(health.unready(), 'readiness checks with 503').to.be.above(0);
  if (scenario.isUnnoticed === true) expect(row).to.include({ refused: 0, unanswered: 0 });
  if (scenario.isServiceKilled !== true)
    expect(health.livenessFailures(), 'failed liveness checks').to.equal(0);
  return row;
};

const firstOf = (lines: readonly string[]): string => lines.slice(0, 10).join('\n');

const firstAfter = (moments: readonly number[], start: number): number =>
  moments.find((moment) => moment > start) ?? Number.POSITIVE_INFINITY;
