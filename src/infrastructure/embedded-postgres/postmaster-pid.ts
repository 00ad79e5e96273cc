import { execFile } from 'node:child_process';
import { readFile, realpath, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isArgument } from './launched-processes.ts';

/** The contents of a `postmaster.pid`. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** True: the server of this cluster accepts connections. False: it is starting, recovering, stopping or ended. */
  readonly ready: boolean;
}

/** Null: the file is absent or has no pid. The file can be left over from a server that has ended. */
export const readPostmaster = async (cluster: string): Promise<Postmaster | null> => {
  const text = await readFile(lockFile(cluster), 'utf8').catch(() => '');
  const lines = text.split('\n').map((line) => line.trim());
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!Number.isSafeInteger(pid) || pid <= 0) return null;
  return { pid, port, ready: lines[7] === 'ready' && (await isFolderOf(lines[1] ?? '', cluster)) };
};

/** False if the file names another existing cluster, of which this one is a copy. */
const isFolderOf = async (folder: string, cluster: string): Promise<boolean> =>
  // A folder that does not exist is the former path of this cluster.
  (await realpath(folder).catch(() => cluster)) === cluster;

/** The port that the cluster's last server was started with; 0 where that is unknown. */
export const lastPort = async (cluster: string): Promise<number> => {
  const text = await readFile(join(cluster, 'postmaster.opts'), 'utf8').catch(() => '');
  return Number(/"port=(\d{1,5})"/.exec(text)?.[1] ?? 0);
};

const lockFile = (cluster: string): string => join(cluster, 'postmaster.pid');

/**
 * A server writes its file at once. A file without a pid that is older than this, or of the future because the clock was set
 * back, is left over from a power failure.
 */
const staleAfterMs = 5_000;

/**
 * Removes a `postmaster.pid` that a power failure left without a pid, empty or with zeros or garbage: PostgreSQL would refuse to
 * start. Where Linux shows that a server runs on the cluster, the file stays.
 */
export const removeDamagedLockFile = async (cluster: string): Promise<void> => {
  const found = await stat(lockFile(cluster)).catch(() => null);
  if (found === null || Math.abs(Date.now() - found.mtimeMs) < staleAfterMs) return;
  if ((await readPostmaster(cluster)) !== null || isArgument(`-D ${cluster} `)) return;
  await rm(lockFile(cluster), { force: true });
};

/** Whether a process is the server of this cluster. False for another process that has got the pid of an ended server. */
export const isServerOf = async (pid: number, cluster: string): Promise<boolean> => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: the process exists and belongs to another user.
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
