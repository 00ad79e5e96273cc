import { z } from 'zod';
import type { ClientResponse } from './client.ts';
import type { Ledger } from './ledger.ts';

/** `refused`: not done. `unknown`: done or not. `missing`: 404. `changed`: 412. */
export type Verdict = 'good' | 'refused' | 'unknown' | 'missing' | 'changed';

const problem = z.object({
  code: z.enum(['unavailable', 'overloaded', 'timeout', 'outcome_unknown']),
  status: z.int(),
});
const code = z.object({ code: z.string() });

/** Classifies a response and counts it in the ledger. A response that the contract does not allow counts as wrong. */
export const judge = (ledger: Ledger, what: string, { status, headers, json }: ClientResponse): Verdict => {
  if (status >= 200 && status < 300) {
    ledger.succeededAt.push(performance.now());
    return 'good';
  }
  if (status === 404) return 'missing';
  if (status === 412) return 'changed';
  const label =
    status === 0 ? 'no answer' : `${status} ${code.safeParse(json).data?.code ?? 'without a code'}`;
  ledger.failures.set(label, (ledger.failures.get(label) ?? 0) + 1);
  if (status === 0) return 'unknown';
  const isExpected =
    [502, 503, 504].includes(status) &&
    problem.safeParse(json).success &&
    (status !== 503 || headers['retry-after'] !== undefined);
  if (!isExpected) ledger.wrong.push(`${what}: ${status} ${JSON.stringify(json)}`);
  return status === 503 ? 'refused' : 'unknown';
};
