import { chown, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, runningOn, signalAll } from '../../faults/processes/running-processes.ts';
import { freePort } from '../../support/processes/free-port.ts';
import { until } from '../../support/until.ts';
import { daemon } from './daemon.ts';
import { createDisk, type Disk } from './disk.ts';
import { nodeConfiguration } from './patroni-settings.ts';
import type { Site } from './site.ts';

/** A database node: Patroni, its PostgreSQL, and a disk. Disposing kills both programs. */
export interface PatroniNode extends AsyncDisposable {
  readonly name: string;
  readonly port: number;
  readonly restPort: number;
  /** Patroni's configuration file, for `patronictl`. */
  readonly file: string;
  readonly disk: Disk;
  /** Starts Patroni, which starts PostgreSQL. */
  start(): Promise<void>;
  /** SIGKILL to Patroni and to every process of PostgreSQL, as in a machine failure. */
  kill(): Promise<void>;
  /** Kills it, removes its data, and starts it, so that Patroni copies the data of the primary. */
  renew(): Promise<void>;
  /** The last 40 lines that Patroni and PostgreSQL have logged, without those of routine. */
  journal(): Promise<string>;
}

export const createNode = async (
  site: Site,
  { name, etcd, password }: { name: string; etcd: string; password: string },
): Promise<PatroniNode> => {
  await using undo = new AsyncDisposableStack();
  const disk = undo.use(await createDisk(site, name));
  const [port, restPort] = [await freePort(), await freePort()];
  const file = join(site.folder, `${name}.yml`);
  const log = join(site.folder, `${name}.log`);
  const settings = {
    name,
    port,
    restPort,
    etcd,
    password,
    folder: disk.folder,
    binaries: site.programs.postgres,
  };
  await writeFile(file, nodeConfiguration(settings), { mode: 0o600 });
  if (site.account !== null) await chown(file, site.account.uid, site.account.gid);

  const patroni = daemon({
    command: [site.programs.patroni, file],
    folder: disk.folder,
    log,
    account: site.account,
    environment: { HOME: disk.folder },
    isReady: () => isAnswered(restPort),
    readyMs: 20_000,
  });
  const kill = async (): Promise<void> => {
    // Patroni first: it would restart PostgreSQL.
    await patroni.kill();
    const pids = await runningOn(disk.folder);
    signalAll(pids, 'SIGKILL');
    await until(`the PostgreSQL of ${name} is killed`, () => !pids.some(isAlive), 10_000);
  };
  /** After SIGQUIT, PostgreSQL removes its shared memory; after SIGKILL, it remains. */
  const end = async (): Promise<void> => {
    await patroni.kill();
    const pids = await runningOn(disk.folder);
    signalAll(pids.slice(0, 1), 'SIGQUIT');
    await until(`the PostgreSQL of ${name} has ended`, () => !pids.some(isAlive), 5_000).catch(kill);
  };
  undo.defer(end);
  const resources = undo.move();
  return {
    name,
    port,
    restPort,
    file,
    disk,
    start: () => patroni.start(),
    kill,
    renew: async () => {
      await kill();
      await rm(join(disk.folder, 'data'), { recursive: true });
      await patroni.start();
    },
    journal: async () => {
      const lines = (await readFile(log, 'utf8')).split('\n');
      return [`${name}:`, ...lines.filter(isTelling).slice(-40)].join('\n');
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
};

/** Health checks of HAProxy, which close their connections early, fill the log with tracebacks. */
const isTelling = (line: string): boolean =>
  / (?:INFO|WARNING|ERROR|LOG|FATAL|PANIC): /.test(line) &&
  !/Traceback|Exception happened during processing|Lock owner|no action\. I am|get_postgresql_status/.test(
    line,
  );

const isAnswered = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/liveness`, { signal: AbortSignal.timeout(1_000) }).then(
    async (response) => {
      await response.body?.cancel();
      return true;
    },
    () => false,
  );
