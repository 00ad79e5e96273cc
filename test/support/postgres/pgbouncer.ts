import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../processes/free-port.ts';
import { isListening } from '../processes/is-listening.ts';
import { scratchFolder } from '../processes/scratch-folder.ts';
import { unprivilegedAccount } from './system-account.ts';
import { until } from '../until.ts';

/** PgBouncer in transaction mode in front of a database. Disposing stops it and removes its files. */
export interface PgBouncer extends AsyncDisposable {
  readonly url: string;
  /** For the output. */
  readonly version: string;
  /** SIGTERM, as by `systemctl stop`: it closes its connections and ends. */
  stop(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

interface PgBouncerOptions {
  /** Serves every database of the server, instead of the one in the URL. */
  readonly everyDatabase?: boolean;
  /** Settings of the section `[pgbouncer]`; they override the defaults here. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

/** Null where the program is not installed. */
export const startPgBouncer = async (
  databaseUrl: string,
  { everyDatabase = false, settings = {} }: PgBouncerOptions = {},
): Promise<PgBouncer | null> => {
  const version = await versionOf('pgbouncer');
  if (version === null) return null;
  await using undo = new AsyncDisposableStack();
  const { folder } = undo.use(await scratchFolder());
  const port = await freePort();
  const target = new URL(databaseUrl);
  const file = join(folder, 'pgbouncer.ini');
  await writeFile(file, configuration(target, port, everyDatabase, settings));
  const account = await unprivilegedAccount('nobody');
  if (account !== null) {
    await chmod(folder, 0o711); // PgBouncer refuses to run as root; its user must reach the settings
    await chmod(file, 0o644);
  }

  let child: ChildProcess | null = null;
  const start = async (): Promise<void> => {
    child = spawn('pgbouncer', ['-q', file], { ...account, cwd: '/', stdio: 'ignore' });
    await until('PgBouncer listens', () => isListening(port));
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  const kill = () => end('SIGKILL');
  undo.defer(kill);
  await start();
  const resources = undo.move();
  target.host = `127.0.0.1:${port}`;
  const stop = () => end('SIGTERM');
  return {
    url: target.href,
    version,
    stop,
    kill,
    start,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
};

/** Production settings with shorter waits: reconnects to a restarted server within a second. */
const configuration = (
  target: URL,
  port: number,
  everyDatabase: boolean,
  settings: PgBouncerOptions['settings'],
): string => {
  const database = everyDatabase ? '*' : decodeURIComponent(target.pathname.slice(1));
  const server = {
    host: target.hostname,
    port: target.port || '5432',
    user: decodeURIComponent(target.username),
    password: decodeURIComponent(target.password),
  };
  const pairs = Object.entries(server).filter(([, value]) => value !== '');
  return `[databases]
${database} = ${pairs.map(([name, value]) => `${name}=${value}`).join(' ')}
[pgbouncer]
${lines({ ...defaults, listen_port: port, ...settings })}
`;
};

const defaults = {
  listen_addr: '127.0.0.1',
  unix_socket_dir: '',
  auth_type: 'any',
  pool_mode: 'transaction',
  default_pool_size: 10,
  max_client_conn: 1000,
  server_login_retry: 1,
  server_idle_timeout: 2,
};

const lines = (settings: Readonly<Record<string, string | number>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name} = ${value}`)
    .join('\n');

const versionOf = async (program: string): Promise<string | null> => {
  const child = spawn(program, ['--version'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = await once(child, 'close').catch(() => null);
  return ended === null ? null : (Buffer.concat(chunks).toString().split('\n')[0] ?? program);
};
