import { setTimeout as pause } from 'node:timers/promises';
import { rowsOf, setReadOnly } from '../faults/processes/sql.ts';
import type { Stack } from './stack/stack.ts';

/** Restarts the instances one after another, as in a rolling update; throws if one does not exit with 0. */
export const restartInstances = async ({ instances }: Stack): Promise<void> => {
  for (const instance of instances) {
    const code = await instance.stop();
    if (code !== 0) throw new Error(`An instance ended with ${code} after SIGTERM`);
    await instance.start();
    await pause(1_500); // until HAProxy has marked it as up
  }
};

export const killInstance = async ({ instances: [instance] }: Stack): Promise<void> => {
  await instance?.kill();
  await pause(3_000);
  await instance?.start();
};

export const switchOver = ({ cluster }: Stack): Promise<void> => cluster.switchover();

/** Kills the primary node, and starts it again once another node is the primary. */
export const killPrimary = async ({ cluster }: Stack): Promise<void> => {
  const dead = await cluster.primary();
  await dead.kill();
  await cluster.hasAnotherPrimary(dead);
  await pause(2_000);
  await dead.start();
};

export const restartPooler = async ({ pooler }: Stack): Promise<void> => {
  await pooler.stop();
  await pooler.start();
};

export const readOnlyForAWhile = async ({ cluster }: Stack): Promise<void> => {
  const url = await cluster.url();
  await setReadOnly(url, true);
  await pause(3_000);
  await setReadOnly(url, false);
};

/**
 * Tables of the primary cannot grow; writes that fit into existing pages succeed. PostgreSQL stops if its log needs a new
 * file while the disk is full.
 */
export const fillDisk = async ({ cluster }: Stack): Promise<void> => {
  const { disk } = await cluster.primary();
  await disk.keepFull?.(8_000);
};

/** The write-ahead log of the primary cannot grow: PostgreSQL stops, and cannot start while the disk is full. */
export const fillLog = async ({ cluster }: Stack): Promise<void> => {
  const { disk } = await cluster.primary();
  const url = await cluster.url();
  const full = disk.keepFull?.(15_000);
  await pause(500);
  // Each switch starts a new WAL file, until the recycled files are used up and PostgreSQL stops.
  const switchFile = `select pg_logical_emit_message(true, 'rehearsal', ''), pg_switch_wal()`;
  const useUp = async (): Promise<void> => {
    for (let n = 0; n < 200; n += 1) await rowsOf(url, switchFile);
  };
  await useUp().catch(() => undefined);
  await full;
};
