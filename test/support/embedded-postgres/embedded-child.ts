import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A process that runs the embedded PostgreSQL in a folder, in its own process group. Disposing kills it. */
interface EmbeddedChild extends AsyncDisposable {
  readonly stored: Promise<void>;
  /** Sends a signal to the process group, as a terminal does for Ctrl-C. */
  signalGroup(signal: NodeJS.Signals): void;
  /** Sends a signal to the process group, and waits until the process has ended. */
  kill(signal: NodeJS.Signals): Promise<void>;
}

const ownSupport = fileURLToPath(new URL('.', import.meta.url));

/** Stores the note once PostgreSQL runs; `stored` resolves when that is acknowledged. */
export const startEmbeddedChild = (folder: string, note: string, support = ownSupport): EmbeddedChild => {
  const program = join(support, 'embedded-service.ts');
  const child = spawn(process.execPath, [program, folder, note], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const printed = once(child.stdout, 'data').then(() => undefined);
  const stored = Promise.race([
    printed,
    ended.then(() => Promise.reject(new Error('The process ended before it stored the note.'))),
  ]);
  // Prevents an unhandled rejection in tests that do not await it.
  stored.catch(() => undefined);
  const signalGroup = (signal: NodeJS.Signals): void => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, signal);
  };
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    signalGroup(signal);
    await ended;
  };
  return { stored, signalGroup, kill, [Symbol.asyncDispose]: () => kill('SIGKILL') };
};
