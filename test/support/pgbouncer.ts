import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { scratchFolder } from './scratch-folder.ts';
import { until } from './until.ts';

/** A PgBouncer in transaction mode before a database; disposing of it ends it and leaves nothing behind. */
export interface PgBouncer extends AsyncDisposable {
  readonly url: string;
  /** What it is, for people. */
  readonly version: string;
  /** Ends it at once, as `kill -9` does. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** Null where the program is not installed. */
export const startPgBouncer = async (
  databaseUrl: string,
  { everyDatabase = false } = {},
): Promise<PgBouncer | null> => {
  const version = await versionOf('pgbouncer');
  if (version === null) return null;
  await using undo = new AsyncDisposableStack();
  const { folder } = undo.use(await scratchFolder());
  const port = await freePort();
  const target = new URL(databaseUrl);
  const file = join(folder, 'pgbouncer.ini');
  await writeFile(file, settings(target, port, everyDatabase));
  const account = await unprivileged();
  if (account !== null) {
    await chmod(folder, 0o711); // it refuses to run as root, and whoever it runs as must reach its settings
    await chmod(file, 0o644);
  }

  let child: ChildProcess | null = null;
  const start = async (): Promise<void> => {
    child = spawn('pgbouncer', ['-q', file], { ...account, cwd: '/', stdio: 'ignore' });
    await until('PgBouncer listens', () => isListening(port));
  };
  const kill = async (): Promise<void> => {
    if (child?.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  undo.defer(kill);
  await start();
  const resources = undo.move();
  target.host = `127.0.0.1:${port}`;
  return { url: target.href, version, kill, start, [Symbol.asyncDispose]: () => resources.disposeAsync() };
};

/** As an operator would have it, but for what waits: a server that is back is found again within a second. */
const settings = (target: URL, port: number, everyDatabase: boolean): string => {
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
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 10
max_client_conn = 1000
server_login_retry = 1
server_idle_timeout = 2
`;
};

const versionOf = async (program: string): Promise<string | null> => {
  const child = spawn(program, ['--version'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = await once(child, 'close').catch(() => null);
  return ended === null ? null : (Buffer.concat(chunks).toString().split('\n')[0] ?? program);
};

const unprivileged = async (): Promise<{ uid: number; gid: number } | null> => {
  if (process.getuid?.() !== 0) return null;
  const users = await readFile('/etc/passwd', 'utf8');
  const [, uid, gid] = /^nobody:[^:]*:(\d+):(\d+):/m.exec(users) ?? [];
  return { uid: Number(uid ?? 65_534), gid: Number(gid ?? 65_534) };
};

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const settle = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('connect', settle(true)).on('error', settle(false));
  });
