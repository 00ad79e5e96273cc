import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../support/processes/free-port.ts';
import { testSecret } from '../../support/tokens/tokens.ts';
import { until } from '../../support/until.ts';

/** The service as a process of its own, on one port. */
export interface ServiceProcess extends AsyncDisposable {
  readonly port: number;
  /** Starts it, and waits until it listens. */
  start(): Promise<void>;
  /** SIGTERM, and waits until it has ended; returns its exit code, or the signal that killed it. */
  stop(): Promise<number | NodeJS.Signals | null>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** What it wrote to its standard error, and every error in its log. */
  complaints(): readonly string[];
}

const program = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));

export const startServiceProcess = async (
  environment: Readonly<Record<string, string>>,
): Promise<ServiceProcess> => {
  const port = await freePort();
  const complaints: string[] = [];
  let child: ChildProcess | null = null;

  const start = async (): Promise<void> => {
    const started = spawn(process.execPath, [program], {
      cwd: '/', // where no .env is
      env: { ...standing, PATH: process.env['PATH'], PORT: String(port), OPS_PORT: '0', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    let isListening = false;
    started.stderr.on('data', (chunk: Buffer) => complaints.push(chunk.toString()));
    eachLine(started.stdout, (line) => {
      if (line.includes('"listening"')) isListening = true;
      if (/"level":"(error|fatal)"/.test(line)) complaints.push(line);
    });
    await until(
      'the service listens',
      () => {
        if (started.exitCode !== null) throw new Error(`The service ended: ${complaints.join('\n')}`);
        return isListening;
      },
      10_000,
    );
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };

  await start();
  return {
    port,
    start,
    stop: async () => {
      await end('SIGTERM');
      return child?.exitCode ?? child?.signalCode ?? null;
    },
    kill: () => end('SIGKILL'),
    complaints: () => complaints,
    [Symbol.asyncDispose]: () => end('SIGKILL'),
  };
};

/** As an operator would have it, without limits: the clients of these tests are busier than people. */
const standing = {
  NODE_ENV: 'production',
  HOST: '127.0.0.1',
  BETTER_AUTH_SECRET: testSecret,
  RATE_LIMIT_MAX: '0',
  RATE_LIMIT_ADDRESS_MAX: '0',
};

const eachLine = (stream: NodeJS.ReadableStream, use: (line: string) => void): void => {
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) use(line);
  });
};
