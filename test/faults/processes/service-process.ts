import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../support/processes/free-port.ts';
import { testSecret } from '../../support/tokens/tokens.ts';
import { until } from '../../support/until.ts';

/** The service as a separate process, on one port. */
export interface ServiceProcess extends AsyncDisposable {
  readonly port: number;
  /** Starts it, and waits until it listens. */
  start(): Promise<void>;
  /** SIGTERM, and waits until it has ended; returns its exit code, or the signal that killed it. */
  stop(): Promise<number | NodeJS.Signals | null>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Its standard error, and the log lines of level error and fatal. */
  errorLines(): readonly string[];
}

const program = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));

export const startServiceProcess = async (
  environment: Readonly<Record<string, string>>,
): Promise<ServiceProcess> => {
  const port = await freePort();
  const errorLines: string[] = [];
  let child: ChildProcess | null = null;

  const start = async (): Promise<void> => {
    const started = spawn(process.execPath, [program], {
      cwd: '/', // has no .env
      env: {
        ...baseEnvironment,
        PATH: process.env['PATH'],
        PORT: String(port),
        OPS_PORT: '0',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    let isListening = false;
    started.stderr.on('data', (chunk: Buffer) => errorLines.push(chunk.toString()));
    eachLine(started.stdout, (line) => {
      if (line.includes('"listening"')) isListening = true;
      if (/"level":"(error|fatal)"/.test(line)) errorLines.push(line);
    });
    await until(
      'the service listens',
      () => {
        if (started.exitCode !== null) throw new Error(`The service ended: ${errorLines.join('\n')}`);
        return isListening;
      },
      30_000,
    );
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };

  try {
    await start();
  } catch (error) {
    await end('SIGKILL');
    throw error;
  }
  return {
    port,
    start,
    stop: async () => {
      await end('SIGTERM');
      return child?.exitCode ?? child?.signalCode ?? null;
    },
    kill: () => end('SIGKILL'),
    errorLines: () => errorLines,
    [Symbol.asyncDispose]: () => end('SIGKILL'),
  };
};

/** Production without rate limits: the clients of these tests send more than a limit allows. */
const baseEnvironment = {
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
