/* `npm test`: runs the compiler and the tests concurrently, and prints the output of each run as a whole. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Run {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  output: string;
  /** Null while it is running. */
  result: { readonly passed: boolean; readonly seconds: number } | null;
}

const createRun = (name: string, ...command: [string, ...string[]]): Run => ({
  name,
  command,
  output: `\n=== ${name}: ${command.join(' ')}\n`,
  result: null,
});

const integration = ['test/integration'];
const processes = ['test/faults', 'test/process', 'test/readme.test.ts'];
const others = [...integration, ...processes].flatMap((path) => [
  '--ignore',
  path.endsWith('.ts') ? path : `${path}/**`,
]);

/** So many concurrent runs suit two processors, because the tests mostly wait for servers and processes. */
const runs: readonly Run[] = [
  createRun('types', 'tsc'),
  createRun('types of the client in a browser', 'tsc', '-p', 'client'),
  createRun('tests against real servers', 'mocha', ...integration),
  createRun('tests of whole processes', 'mocha', ...processes),
  createRun('all other tests', 'mocha', ...others),
];

let shown = 0;
let written = 0;

/** Prints the first unfinished run as it proceeds, and later runs after it. */
const print = (): void => {
  for (let run = runs[shown]; run !== undefined; run = runs[shown]) {
    process.stdout.write(run.output.slice(written));
    written = run.output.length;
    if (run.result === null) return;
    shown += 1;
    written = 0;
  }
};

const running = new Set<ChildProcess>();
const interruptions: NodeJS.Signals[] = [];

/** Passes the signal to every run, which stops its own processes; the runs are awaited. */
const interrupt = (signal: NodeJS.Signals): void => {
  interruptions.push(signal);
  for (const child of running) child.kill(signal);
};
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
for (const signal of signals) process.on(signal, interrupt);

/** A shared compile cache for the hundred processes that the tests start; it saves a third of the total time. */
const compiled = await mkdtemp(join(tmpdir(), 'taskhold-test-'));

const execute = async (run: Run): Promise<void> => {
  const begun = performance.now();
  const [program, ...args] = run.command;
  const child = spawn(program, args, {
    env: { ...process.env, NODE_COMPILE_CACHE: compiled },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      run.output += text;
      print();
    });
  try {
    await once(child, 'close');
  } catch (error) {
    run.output += `${String(error)}\n`;
  }
  running.delete(child);
  run.result = { passed: child.exitCode === 0, seconds: (performance.now() - begun) / 1000 };
  print();
};

print();
await Promise.all(runs.map(execute));
await rm(compiled, { recursive: true, force: true });

process.stdout.write('\n');
for (const { name, command, result } of runs) {
  const outcome = result?.passed === true ? 'ok    ' : 'FAILED';
  const again = result?.passed === true ? '' : `: npx ${command.join(' ')}`;
  process.stdout.write(`${outcome} ${(result?.seconds ?? 0).toFixed(0).padStart(4)} s  ${name}${again}\n`);
}
process.exitCode = runs.every(({ result }) => result?.passed === true) ? 0 : 1;

for (const signal of signals) process.off(signal, interrupt);
for (const signal of interruptions.slice(0, 1)) process.kill(process.pid, signal);
