import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { freePort } from '../../support/processes/free-port.ts';
import { isListening } from '../../support/processes/is-listening.ts';
import { until } from '../../support/until.ts';

/** A Redis server on one port that a test can kill and freeze. */
export interface RedisProcess extends AsyncDisposable {
  readonly url: string;
  start(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  freeze(): Promise<void>;
  thaw(): Promise<void>;
}

/** Null where the program is not installed. */
export const startRedisProcess = async (): Promise<RedisProcess | null> => {
  const port = await freePort();
  let child: ChildProcess | null = null;

  const start = async (): Promise<void> => {
    const rules = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    const started = spawn('redis-server', rules, { cwd: tmpdir(), stdio: 'ignore' });
    await once(started, 'spawn');
    child = started;
    await until('Redis listens', () => isListening(port));
  };
  const kill = async (): Promise<void> => {
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  const signal = (name: NodeJS.Signals) => (): Promise<void> => {
    child?.kill(name);
    return Promise.resolve();
  };

  try {
    await start();
  } catch (error) {
    await kill();
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  const url = `redis://127.0.0.1:${port}`;
  return {
    url,
    start,
    kill,
    freeze: signal('SIGSTOP'),
    thaw: signal('SIGCONT'),
    [Symbol.asyncDispose]: kill,
  };
};
