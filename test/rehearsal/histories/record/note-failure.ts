import type { ClientResponse } from '../../../faults/clients/client.ts';
import type { History } from '../history.ts';
import { outcomeOf } from './outcome.ts';

/** Counts a list, or changes, without a result; a response that the contract does not allow counts as wrong. */
export const noteFailure = (history: History, what: string, response: ClientResponse): void => {
  const { outcome } = outcomeOf(response);
  history.failures += 1;
  if (outcome !== 'refused' && outcome !== 'unknown')
    history.wrong.push(`${what}: ${response.status} ${response.text}`);
};
