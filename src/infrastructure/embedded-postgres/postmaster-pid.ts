import { execFile } from 'node:child_process';
import { readFile, realpath, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What a PostgreSQL server says about itself in its `postmaster.pid`. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** It serves this cluster and takes connections; otherwise it is starting, recovering, stopping, or gone. */
  readonly ready: boolean;
}

/** Null: there is no such file, or it says nothing. It may be left over from a server that is gone. */
export const readPostmaster = async (cluster: string): Promise<Postmaster | null> => {
  const text = await readFile(lockFile(cluster), 'utf8').catch(() => '');
  const lines = text.split('\n').map((line) => line.trim());
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!(pid > 0)) return null;
  return { pid, port, ready: lines[7] === 'ready' && (await isPlace(lines[1] ?? '', cluster)) };
};

/** Whether the file is about this cluster, and not about another one, in use, that this one was copied from. */
const isPlace = async (named: string, cluster: string): Promise<boolean> =>
  // A place that is no more is the one from which this cluster was moved.
  (await realpath(named).catch(() => cluster)) === cluster;

const lockFile = (cluster: string): string => join(cluster, 'postmaster.pid');

/** A server writes its file in the moment it creates it; one that stays without a word is what a power cut left. */
const silentForMilliseconds = 5_000;

/** Removes a `postmaster.pid` that says nothing, and never will: PostgreSQL would refuse to start. */
export const removeSilentLockFile = async (cluster: string): Promise<void> => {
  const found = await stat(lockFile(cluster)).catch(() => null);
  if (found === null || Date.now() - found.mtimeMs < silentForMilliseconds) return;
  if ((await readPostmaster(cluster)) === null) await rm(lockFile(cluster), { force: true });
};

/** Whether a process is the server of this cluster, and not another one that was given the number of one that is gone. */
export const isServerOf = async (pid: number, cluster: string): Promise<boolean> => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Not ours to signal, yet alive: its command line decides.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  if (process.platform === 'win32') return true;
  const line = await commandLine(pid).catch(() => '');
  return line.replaceAll('\0', ' ').includes(`-D ${cluster} `);
};

const commandLine = async (pid: number): Promise<string> => {
  if (process.platform === 'linux') return readFile(`/proc/${pid}/cmdline`, 'utf8');
  return (await promisify(execFile)('ps', ['-ww', '-o', 'args=', '-p', `${pid}`])).stdout;
};
