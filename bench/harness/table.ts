/** One service in one scenario: medians over the rounds. */
export interface Row {
  readonly scenario: string;
  readonly contender: string;
  readonly requestsPerSecond: number;
  /** Median of the ratios of interleaved rounds, to the service that the others are compared with. */
  readonly ratio: number;
  /** Milliseconds. */
  readonly p50: number;
  /** Milliseconds. */
  readonly p99: number;
  readonly cpuMsPerRequest: number;
  readonly failures: number;
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
};

/** Rows as a Markdown table. */
export const table = (rows: readonly Row[], ratio: string): string =>
  [
    `| scenario | service | req/s | ${ratio} | p50 ms | p99 ms | CPU ms/req | failures |`,
    '|---|---|---:|---:|---:|---:|---:|---:|',
    ...rows.map(
      (row) =>
        `| ${row.scenario} | ${row.contender} | ${row.requestsPerSecond.toFixed(0)} | ${row.ratio.toFixed(2)} ` +
        `| ${row.p50.toFixed(1)} | ${row.p99.toFixed(1)} | ${row.cpuMsPerRequest.toFixed(3)} | ${row.failures} |`,
    ),
    '',
  ].join('\n');
