import { z } from 'zod';
import type { ClientResponse } from '../../../faults/clients/client.ts';
import { task as taskBody } from '../../../faults/clients/reads.ts';
import type { Answer, SeenTask } from '../history.ts';

/**
 * `refused`: nothing was done. `in use`: an earlier request with the same key is under way. `unknown`: done or not. `wrong`: an
 * answer that the contract does not allow.
 */
export type Outcome = Answer | { readonly outcome: 'refused' | 'in use' | 'unknown' | 'wrong' };

const problem = z.object({ code: z.string() });
const mismatch = z.object({ current: taskBody });

/** What the response to a request about one task means. 503, and 504 `timeout`, promise that nothing was done. */
export const outcomeOf = ({ status, json }: ClientResponse): Outcome => {
  const code = problem.safeParse(json).data?.code;
  if (status === 200 || status === 201) return withTask(json);
  if (status === 204) return { outcome: 'done', task: null };
  if (status === 404 && code === 'task_not_found') return { outcome: 'missing' };
  if (status === 412) {
    const current = mismatch.safeParse(json).data?.current;
    return current === undefined ? { outcome: 'wrong' } : { outcome: 'mismatch', current };
  }
  if (status === 409 && code === 'idempotency_key_in_use') return { outcome: 'in use' };
  if (status === 503 && (code === 'unavailable' || code === 'overloaded')) return { outcome: 'refused' };
  if (status === 504 && code === 'timeout') return { outcome: 'refused' };
  return { outcome: status === 0 || [502, 503, 504].includes(status) ? 'unknown' : 'wrong' };
};

const withTask = (json: unknown): Outcome => {
  const task: SeenTask | undefined = taskBody.safeParse(json).data;
  return task === undefined ? { outcome: 'wrong' } : { outcome: 'done', task };
};
