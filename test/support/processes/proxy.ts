import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isListening } from './is-listening.ts';
import { startProgram } from './program.ts';
import { scratchFolder } from './scratch-folder.ts';
import { until } from '../until.ts';

export const proxyKinds = ['nginx', 'haproxy'] as const;
export type ProxyKind = (typeof proxyKinds)[number];

export interface ProxyOptions {
  /** Where it listens. */
  readonly port: number;
  /** The ports of the service. */
  readonly instances: readonly number[];
  /** Changes the configuration of the document for one test. */
  readonly change?: (configuration: string) => string;
}

/** Debian installs both in a folder that the PATH of an ordinary user lacks. */
const environment = { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin` };

export const isInstalled = (kind: ProxyKind): boolean => {
  try {
    execFileSync(kind, ['-v'], { env: environment, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** The configuration in docs/operations.md; it may name the language of one block only. */
export const documentedConfiguration = async (kind: ProxyKind): Promise<string> => {
  const text = await readFile(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
  const found = [...text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].filter(([, language]) => language === kind);
  const [, , configuration] = found[0] ?? [];
  if (configuration === undefined || found.length > 1) throw new Error(`Not one block of ${kind}`);
  return configuration;
};

/** Starts the proxy with the documented configuration. Only ports and the list of instances are replaced. */
export const startProxy = async (
  kind: ProxyKind,
  { port, instances, change = (configuration) => configuration }: ProxyOptions,
): Promise<AsyncDisposable> => {
  await using undo = new AsyncDisposableStack();
  const { folder } = undo.use(await scratchFolder());
  const documented = change(await documentedConfiguration(kind));
  const { command, configuration } = programs[kind](folder, withPorts(kind, documented, port, instances));
  const file = join(folder, `${kind}.conf`);
  await writeFile(file, configuration);
  const program = undo.use(await startProgram([...command, file], { cwd: folder, environment }));
  const isUp = async (): Promise<boolean> => {
    if (!program.isGroupAlive()) throw new Error(`${kind} ended:\n${program.output()}`);
    return isListening(port);
  };
  await until(`${kind} listens`, isUp, 10_000);
  return undo.move();
};

const lines: Readonly<Record<ProxyKind, readonly [listen: string, server: string]>> = {
  nginx: ['listen 8080;', 'server 127.0.0.1:8000 max_fails=0;'],
  haproxy: ['bind :8080', 'server instance1 127.0.0.1:8000 check'],
};

const withPorts = (
  kind: ProxyKind,
  configuration: string,
  port: number,
  instances: readonly number[],
): string => {
  const [listen, server] = lines[kind];
  const servers = instances.map((instance, index) =>
    server.replace('8000', String(instance)).replace('instance1', `instance${index + 1}`),
  );
  const replaced = configuration
    .replace(listen, listen.replace(/:?8080/, `127.0.0.1:${port}`))
    .replace(server, servers.join('\n'));
  if (!configuration.includes(listen) || !configuration.includes(server))
    throw new Error(`The documented configuration lacks "${listen}" or "${server}"`);
  return replaced;
};

const programs: Readonly<
  Record<
    ProxyKind,
    (folder: string, documented: string) => { command: [string, ...string[]]; configuration: string }
  >
> = {
  haproxy: (_, documented) => ({ command: ['haproxy', '-db', '-f'], configuration: documented }),
  nginx: (folder, documented) => ({
    command: ['nginx', '-p', folder, '-e', 'stderr', '-c'],
    configuration: `daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr warn;
events {}
http {
access_log off;
${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join('\n')}
${documented}
}
`,
  }),
};
