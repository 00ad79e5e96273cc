import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { readCosts, type Costs } from '../../../bench/capacity/costs.ts';
import { capacityFor, defaultHabits, type Habits } from '../../../bench/capacity/model.ts';
import { capacityTable, costTable } from '../../../bench/capacity/tables.ts';

const each = { serviceCpuMs: 1, databaseCpuMs: 2, walBytes: 0 };
const write = { ...each, walBytes: 1000 };
const mode = {
  list: each,
  unchanged: each,
  get: each,
  create: write,
  complete: write,
  stream: { serviceCpuMs: 0.1, databaseCpuMs: 0.2 },
};
const costs: Costs = {
  date: '2026-01-01',
  machine: 'one of a test',
  batching: mode,
  single: { ...mode, list: { ...each, databaseCpuMs: 102 } },
  bytesPerTask: 400,
  bytesPerUser: 1000,
};
/** 864,000 active users with 100 requests a day: 1,000 requests per second on average. */
const users = 1_728_000;
const habits: Habits = {
  list: 40,
  unchanged: 20,
  get: 20,
  create: 10,
  complete: 10,
  activeShare: 0.5,
  peakFactor: 4,
  streamShare: 0,
  tasksPerUser: 10,
  growthOfTables: 2,
  maxUtilization: 0.5,
  streamsPerInstance: 1000,
  connectionsPerInstance: 10,
};

describe('the capacity model', () => {
  it('given habits and costs: requests, processors, connections and bytes follow', () => {
    expect(capacityFor(users, habits, costs, 'batching')).to.deep.equal({
      users,
      requestsPerSecond: 4000,
      streams: 0,
      instances: 8, // 4,000 ms of CPU time per second, of which a core gives 500
      databaseCores: 16,
      connections: 80,
      walGbPerDay: 17.28, // 864,000 users with 20 writes of 1,000 bytes
      storageGb: 17.28, // twice 5,000 bytes for each user
    });
  });

  it('given another mode: its costs count', () => {
    // 40 of 100 requests take 100 ms more: 160,000 ms per second.
    expect(capacityFor(users, habits, costs, 'single').databaseCores).to.equal(16 + 320);
  });

  it('given open streams: they cost processors, and an instance has a limited number', () => {
    const { streams, instances, databaseCores } = capacityFor(
      users,
      { ...habits, streamShare: 0.01 },
      costs,
      'batching',
    );
    expect(streams).to.equal(17_280);
    expect(instances).to.equal(18);
    expect(databaseCores).to.equal(Math.ceil(2 * (8 + 17_280 * 0.0002)));
  });

  it('given few users: two instances', () => {
    expect(capacityFor(1, habits, costs, 'batching')).to.include({
      instances: 2,
      connections: 20,
      databaseCores: 1,
    });
  });

  it('given the measured costs: the tables of docs/scaling.md are those of `npm run capacity`', async () => {
    const measured = await readCosts();
    const page = cells(await readFile(new URL('../../../docs/scaling.md', import.meta.url), 'utf8'));
    for (const table of [costTable(measured), capacityTable(defaultHabits, measured)])
      expect(page).to.include(cells(table));
    expect(page).to.include(measured.date);
  });
});

/** Without the widths of columns, which Prettier sets. */
const cells = (table: string): string => table.replaceAll(/ +/g, ' ').replaceAll(/-{3,}:?/g, '---');
