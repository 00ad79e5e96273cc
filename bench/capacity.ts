import { parseArgs } from 'node:util';
import { readCosts } from './capacity/costs.ts';
import { defaultHabits, type Habits } from './capacity/model.ts';
import { capacityTable, costTable } from './capacity/tables.ts';

/*
 * What 1, 10 and 100 million users need: `npm run capacity`. Every habit can be given, such as
 * `npm run capacity -- --activeShare 0.5 --list 40`. The costs are those that `npm run bench:costs` has measured.
 */

const { values } = parseArgs({
  options: Object.fromEntries(Object.keys(defaultHabits).map((name) => [name, { type: 'string' as const }])),
});

const given = (name: keyof Habits): number => {
  const value = values[name];
  const number = value === undefined ? defaultHabits[name] : Number(value);
  if (Number.isFinite(number) && number >= 0) return number;
  throw new Error(`--${name} must be a number that is not negative`);
};

const habits: Habits = {
  list: given('list'),
  unchanged: given('unchanged'),
  get: given('get'),
  create: given('create'),
  complete: given('complete'),
  activeShare: given('activeShare'),
  peakFactor: given('peakFactor'),
  streamShare: given('streamShare'),
  tasksPerUser: given('tasksPerUser'),
  growthOfTables: given('growthOfTables'),
  maxUtilization: given('maxUtilization'),
  streamsPerInstance: given('streamsPerInstance'),
  connectionsPerInstance: given('connectionsPerInstance'),
};

const costs = await readCosts();
process.stdout.write(`Measured on ${costs.date}: ${costs.machine}
${costs.bytesPerTask.toFixed(0)} bytes per task and ${costs.bytesPerUser.toFixed(0)} per user, with indexes

${costTable(costs)}

${Object.entries(habits)
  .map(([name, value]) => `${name} ${value}`)
  .join(', ')}

${capacityTable(habits, costs)}
`);
