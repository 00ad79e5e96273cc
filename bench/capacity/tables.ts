import { requestKinds, type Costs, type Mode } from './costs.ts';
import { capacityFor, type Habits } from './model.ts';

const modeNames: Readonly<Record<Mode, string>> = { batching: 'true', single: 'false' };
const modes = ['batching', 'single'] as const satisfies Mode[];
const millions = [1, 10, 100];

const number = (value: number): string =>
  value < 10 && !Number.isInteger(value) ? value.toFixed(1) : Math.round(value).toLocaleString('en-US');

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** What was measured, for each request. */
export const costTable = (costs: Costs): string =>
  table(
    ['request', '`DATABASE_BATCHING`', 'service, CPU ms', 'database, CPU ms', 'WAL bytes'],
    modes.flatMap((mode) => [
      ...requestKinds.map((kind) => {
        const { serviceCpuMs, databaseCpuMs, walBytes } = costs[mode][kind];
        return [
          kind,
          modeNames[mode],
          serviceCpuMs.toFixed(3),
          databaseCpuMs.toFixed(3),
          walBytes.toFixed(0),
        ];
      }),
      [
        'open stream, each second',
        modeNames[mode],
        costs[mode].stream.serviceCpuMs.toFixed(3),
        costs[mode].stream.databaseCpuMs.toFixed(3),
        '0',
      ],
    ]),
  );

/** What 1, 10 and 100 million users need. */
export const capacityTable = (habits: Habits, costs: Costs): string =>
  table(
    [
      'users',
      '`DATABASE_BATCHING`',
      'requests/s',
      'streams',
      'instances',
      'database cores',
      'connections',
      'WAL GB/day',
      'storage GB',
    ],
    modes.flatMap((mode) =>
      millions.map((count) => {
        const need = capacityFor(count * 1e6, habits, costs, mode);
        return [
          `${count} million`,
          modeNames[mode],
          ...[
            need.requestsPerSecond,
            need.streams,
            need.instances,
            need.databaseCores,
            need.connections,
            need.walGbPerDay,
            need.storageGb,
          ].map(number),
        ];
      }),
    ),
  );
