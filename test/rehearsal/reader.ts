import { setTimeout as pause } from 'node:timers/promises';
import { tokenFor } from '../support/tokens/tokens.ts';
import { faultClient } from '../faults/clients/client.ts';
import { isCertain, type Ledger } from '../faults/clients/ledger.ts';
import { readBack } from '../faults/clients/reads.ts';

export interface Reader {
  /** Resolves once the reader has stopped and its last request is answered. */
  readonly done: Promise<void>;
  stop(): void;
}

/** Reads the tasks of a running writer, as the same user over another connection. */
export const startReader = async (port: number, ledger: Ledger, pauseMs: number): Promise<Reader> => {
  const client = faultClient(await tokenFor(ledger.user));
  let isRunning = true;
  const run = async (): Promise<void> => {
    for (let n = 0; isRunning; n += 1) {
      const latest = n % 2 === 0 ? [...ledger.tasks.values()].findLast(isCertain) : undefined;
      await readBack(client, port, ledger, latest ?? null);
      await pause(pauseMs);
    }
    client.close();
  };
  return {
    done: run(),
    stop: () => {
      isRunning = false;
    },
  };
};
