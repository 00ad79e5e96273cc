import { readFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What a PostgreSQL server says about itself in its `postmaster.pid`. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** It takes connections; otherwise it is starting, recovering or stopping. */
  readonly ready: boolean;
}

/** Null: there is no such file, or it is just being written. It may be left over from a server that is gone. */
export const readPostmaster = async (cluster: string): Promise<Postmaster | null> => {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n').map((line) => line.trim());
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return pid > 0 ? { pid, port, ready: lines[7] === 'ready' } : null;
};

/** Whether a process is the server of this cluster, and not another one that was given the number of one that is gone. */
export const isServerOf = async (pid: number, cluster: string): Promise<boolean> => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Not ours to signal, yet alive: its command line decides.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const line = await commandLine(pid).catch(() => '');
  return line.includes(cluster);
};

const commandLine = async (pid: number): Promise<string> => {
  if (process.platform === 'linux') return readFile(`/proc/${pid}/cmdline`, 'utf8');
  const [command, ...args] =
    process.platform === 'win32'
      ? [
          'powershell',
          '-NoProfile',
          '-Command',
          `(Get-CimInstance Win32_Process -Filter "ProcessId=${pid}").CommandLine`,
        ]
      : ['ps', '-ww', '-o', 'args=', '-p', `${pid}`];
  const { stdout } = await promisify(execFile)(command, args);
  return stdout;
};
