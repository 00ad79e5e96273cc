import { chown } from 'node:fs/promises';
import { runningOn, signalAll } from '../../faults/processes/running-processes.ts';
import { scratchFolder } from '../../support/processes/scratch-folder.ts';
import { unprivilegedAccount, type SystemAccount } from '../../support/postgres/system-account.ts';
import type { Programs } from './programs.ts';

/**
 * The folder of a rehearsal, and the user that runs its programs. Disposing removes the folder, and throws if a
 * program still uses it.
 */
export interface Site extends AsyncDisposable {
  readonly folder: string;
  readonly programs: Programs;
  /** For programs that refuse to run as root. Null: the rehearsal does not run as root. */
  readonly account: SystemAccount | null;
}

export const openSite = async (programs: Programs): Promise<Site> => {
  const scratch = await scratchFolder();
  const account = await unprivilegedAccount('postgres', 'nobody');
  if (account !== null) await chown(scratch.folder, account.uid, account.gid);
  return {
    folder: scratch.folder,
    programs,
    account,
    [Symbol.asyncDispose]: async () => {
      const left = await runningOn(scratch.folder);
      await killAll(scratch);
      await scratch[Symbol.asyncDispose]();
      if (left.length > 0) throw new Error(`The rehearsal left processes behind: ${left.join(', ')}`);
    },
  };
};

/** SIGKILL to every program that uses the folder. */
export const killAll = async ({ folder }: Pick<Site, 'folder'>): Promise<void> =>
  signalAll(await runningOn(folder), 'SIGKILL');
