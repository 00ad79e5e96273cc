/* All that `npm test` runs: the compiler and the tests. No part needs another one, so they run side by side; what each says is printed as a whole. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Run {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  output: string;
  /** Null until it has ended. */
  result: { readonly passed: boolean; readonly seconds: number } | null;
}

const part = (name: string, ...command: [string, ...string[]]): Run => ({
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

/** All at once: the tests wait for servers and processes so much that two processors can do four. */
const runs: readonly Run[] = [
  part('types', 'tsc'),
  part('tests against real servers', 'mocha', ...integration),
  part('tests of whole processes', 'mocha', ...processes),
  part('all other tests', 'mocha', ...others),
];

let shown = 0;
let written = 0;

/** The first run that has not ended is printed as it goes on, those behind it when it is their turn. */
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

/** Each run stops by itself what it has started, and is waited for. */
const interrupt = (signal: NodeJS.Signals): void => {
  interruptions.push(signal);
  for (const child of running) child.kill(signal);
};
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
for (const signal of signals) process.on(signal, interrupt);

/** What is compiled once need not be by the hundred processes that the tests start: a third of the time of all. */
const compiled = await mkdtemp(join(tmpdir(), 'taskhold-test-'));

const execute = async (run: Run): Promise<void> => {
  const begun = performance.now();
  const [program, ...words] = run.command;
  const child = spawn(program, words, {
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
