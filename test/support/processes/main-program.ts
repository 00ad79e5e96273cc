import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { testSecret } from '../tokens/tokens.ts';
import { until } from '../until.ts';

/** The service as a separate process. Disposing kills it. */
export interface MainProgram extends AsyncDisposable {
  readonly process: ChildProcess;
  readonly port: number;
  readonly operationsPort: number;
  /** Its standard output and standard error so far. */
  output(): string;
  /** Resolves at its end, with the exit code or the signal that killed it. */
  ended(): Promise<number | NodeJS.Signals | null>;
}

const listening = z.object({
  msg: z.literal('listening'),
  address: z.url().transform((url) => Number(new URL(url).port)),
  operations: z.url().transform((url) => Number(new URL(url).port)),
});

/** Starts `src/main.ts` on free ports with only this environment, and waits until it listens. */
export const startMain = async (environment: Readonly<Record<string, string>>): Promise<MainProgram> => {
  const program = runMain({ PORT: '0', OPS_PORT: '0', BETTER_AUTH_SECRET: testSecret, ...environment });
  try {
    await until(
      'the service listens, or ends',
      () => program.output().includes('"listening"') || program.process.exitCode !== null,
      30_000,
    );
    const line = program
      .output()
      .split('\n')
      .find((text) => text.includes('"listening"'));
    if (line === undefined) throw new Error(`The service does not listen: ${program.output()}`);
    const { address, operations } = listening.parse(JSON.parse(line));
    return { ...program, port: address, operationsPort: operations };
  } catch (error) {
    await program[Symbol.asyncDispose]();
    throw error;
  }
};

/** Starts a program of `src` without waiting for it. */
export const runMain = (
  environment: Readonly<Record<string, string>>,
  script: 'main' | 'cli/check-config' | 'cli/migrate' = 'main',
  args: readonly string[] = [],
): Omit<MainProgram, 'port' | 'operationsPort'> => {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL(`../../../src/${script}.ts`, import.meta.url)), ...args],
    {
      cwd: '/', // has no .env
      env: {
        PATH: process.env['PATH'],
        NODE_V8_COVERAGE: process.env['NODE_V8_COVERAGE'], // coverage includes the process
        NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'], // halves the time of a start
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let written = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (written += text));
  const closed = once(child, 'close');
  return {
    process: child,
    output: () => written,
    ended: () => closed.then(() => child.exitCode ?? child.signalCode),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await closed;
    },
  };
};
