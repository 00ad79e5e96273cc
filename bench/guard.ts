/* Fails if the CPU time of a list, relative to the peer in the same run, is more than 25 % above the baseline. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const results = z.object({
  rows: z.array(z.object({ scenario: z.string(), contender: z.string(), cpuMsPerRequest: z.number() })),
});
const baseline = z.object({ listCpuRatioToPeer: z.number().positive() });

const read = async (name: string): Promise<unknown> =>
  JSON.parse(await readFile(new URL(name, import.meta.url), 'utf8'));

const { rows } = results.parse(await read('results.json'));
const cpuOf = (contender: string): number => {
  const row = rows.find((one) => one.scenario === 'list' && one.contender === contender);
  if (row === undefined) throw new Error(`bench/results.json has no list of ${contender}`);
  return row.cpuMsPerRequest;
};
const { listCpuRatioToPeer } = baseline.parse(await read('baseline.json'));
const ratio = cpuOf('taskhold') / cpuOf('peer');
const bound = listCpuRatioToPeer * 1.25;
const isGood = ratio <= bound;
process.stdout.write(
  `CPU of a list: ${ratio.toFixed(2)} × the peer (baseline ${listCpuRatioToPeer.toFixed(2)}, bound ${bound.toFixed(2)})\n` +
    `${isGood ? '1 passing' : '1 failing'}\n`,
);
process.exitCode = isGood ? 0 : 1;
