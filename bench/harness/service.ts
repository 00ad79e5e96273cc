import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { cpuMsOf } from './process-times.ts';

/** The resource usage of a process since its start. */
export interface Usage {
  readonly cpuMs: number;
  readonly memoryMb: number;
  readonly peakMemoryMb: number;
}

export interface Service extends AsyncDisposable {
  readonly url: string;
  usage(): Promise<Usage>;
}

/** Starts a script as a separate process, and waits until it responds. Its output is discarded, or goes to a log file. */
export const startService = async (
  script: string,
  environment: NodeJS.ProcessEnv,
  logFile?: string,
): Promise<Service> => {
  const port = await freePort();
  const output = logFile === undefined ? 'ignore' : openSync(logFile, 'a');
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, ...environment, HOST: '127.0.0.1', PORT: String(port) },
    stdio: ['ignore', output, 'inherit'],
  });
  if (output !== 'ignore') closeSync(output);
  const url = `http://127.0.0.1:${port}`;
  await waitForResponse(url, child);
  return {
    url,
    usage: () => usageOf(child.pid ?? 0),
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
};

export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
};

const waitForResponse = async (url: string, child: ChildProcess): Promise<void> => {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`The service ended with ${child.exitCode}`);
    const answer = await fetch(url).catch(() => null);
    if (answer !== null) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${url} does not respond`);
};

const usageOf = async (pid: number): Promise<Usage> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const megabytes = (field: string) =>
    Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
  return { cpuMs: await cpuMsOf(pid), memoryMb: megabytes('VmRSS'), peakMemoryMb: megabytes('VmHWM') };
};
