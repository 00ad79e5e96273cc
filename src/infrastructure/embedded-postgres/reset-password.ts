import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Binaries } from './binaries.ts';
import { passwordFileOf, superuser, syncFolder, temporaryPrefix } from './cluster.ts';
import { isServerOf, readPostmaster, removeDamagedLockFile } from './postmaster-pid.ts';
import { run, type Account } from './run-command.ts';
import { reasonInLog, remedyFor, UnusableClusterError } from './unusable-cluster-error.ts';

interface Reset {
  readonly dataDir: string;
  readonly cluster: string;
  readonly account: Account;
  readonly binaries: Binaries;
}

/**
 * Gives the superuser a new password, for a cluster whose file of the password was lost: the tasks need none. Does nothing while a
 * server runs on the cluster. PostgreSQL does it without a server, and refuses where one starts meanwhile.
 */
export const resetPassword = async (
  { dataDir, cluster, account, binaries }: Reset,
  signal?: AbortSignal,
): Promise<void> => {
  const stale = await readPostmaster(cluster);
  if (stale !== null && (await isServerOf(stale.pid, cluster))) return;
  await removeDamagedLockFile(cluster);
  const temporary = await mkdtemp(join(dataDir, temporaryPrefix));
  try {
    const [statement, file] = [join(temporary, 'statement'), join(temporary, 'password')];
    const password = randomBytes(24).toString('base64url');
    await writeFile(file, `${password}\n`, { mode: 0o600, flush: true });
    if (account.owner !== null) await chown(file, account.owner.uid, account.owner.gid);
    await writeFile(statement, `ALTER ROLE ${superuser} PASSWORD '${password}';\n`, { mode: 0o600 });
    await using input = await open(statement, 'r');
    const args = ['--single', '-D', cluster, '-c', 'exit_on_error=on', '-c', 'io_method=sync', 'postgres'];
    // As at the start of a server: the pid of a stale file may belong to another program.
    const variables = stale === null ? {} : { PG_GRANDPARENT_PID: `${stale.pid}` };
    const command = [binaries.postgres, args] as const;
    try {
      await run({ account, folder: dataDir, command, input: input.fd, variables }, signal);
    } catch (error) {
      signal?.throwIfAborted();
      const reason = reasonInLog(error instanceof Error ? error.message : '') ?? String(error);
      if (/^lock file "[^"]*" already exists/.test(reason)) return;
      const problem = `PostgreSQL cannot set a new password on ${cluster}: ${reason}`;
      throw new UnusableClusterError(problem, remedyFor(reason, cluster));
    }
    await rename(file, passwordFileOf(cluster));
    await syncFolder(cluster);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
};
