import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import { rowsOf } from '../../faults/processes/sql.ts';
import { numbers } from '../../support/in-batches.ts';
import { until } from '../../support/until.ts';
import { createNode, type PatroniNode } from './patroni-node.ts';
import type { Site } from './site.ts';

const run = promisify(execFile);

export interface PatroniCluster extends AsyncDisposable {
  readonly nodes: readonly PatroniNode[];
  /** The node that holds the leader lock; throws where there is none. */
  primary(): Promise<PatroniNode>;
  /** Waits until a node other than this one is the primary. */
  hasAnotherPrimary(old: PatroniNode): Promise<void>;
  /**
   * Waits for a primary, a synchronous standby that streams, and a third node that streams too. Where Patroni does not
   * manage that within a minute, prints what it has logged, and does what an operator does then: copies the nodes anew
   * that do not stream (`patronictl reinit`), or restarts the primary.
   */
  becomeWhole(): Promise<void>;
  /** `patronictl switchover`, and waits for its end. */
  switchover(): Promise<void>;
  /** For the superuser, directly at the primary. */
  url(): Promise<string>;
}

const members = z.object({
  members: z.array(z.object({ name: z.string(), role: z.string(), state: z.string() })),
});

const standbys = z.array(z.object({ application_name: z.string() }));

const password = 'rehearsal';

export const startCluster = async (site: Site, etcd: string): Promise<PatroniCluster> => {
  await using undo = new AsyncDisposableStack();
  const nodes: PatroniNode[] = [];
  for (const n of numbers(3))
    nodes.push(undo.use(await createNode(site, { name: `node${n + 1}`, etcd, password })));

  const state = async (): Promise<z.infer<typeof members>['members']> => {
    for (const { restPort } of nodes) {
      const answer = await fetch(`http://127.0.0.1:${restPort}/cluster`, {
        signal: AbortSignal.timeout(2_000),
      }).catch(() => null);
      if (answer?.ok === true) return members.parse(await answer.json()).members;
    }
    throw new Error('No node of the cluster responds');
  };
  const leader = async (): Promise<PatroniNode | undefined> => {
    const found = (await state()).find((member) => member.role === 'leader' && member.state === 'running');
    return nodes.find(({ name }) => name === found?.name);
  };
  const isWhole = (): Promise<void> =>
    until(
      'three nodes stream, one of them synchronously',
      async () => {
        const roles = (await state()).map(({ role }) => role).toSorted();
        if (roles.join() === 'leader,replica,sync_standby' && (await streaming()).length === 2) return true;
        await pause(200);
        return false;
      },
      60_000,
    );
  const url = async () => `postgres://postgres:${password}@127.0.0.1:${(await primary()).port}/postgres`;
  /** The names of the standbys that stream from the primary; none where it does not respond. */
  const streaming = (): Promise<string[]> =>
    url()
      .then((address) =>
        rowsOf(address, `select application_name from pg_stat_replication where state = 'streaming'`),
      )
      .then(
        (rows) => standbys.parse(rows).map((row) => row.application_name),
        () => [],
      );
  const control = async (...args: string[]): Promise<void> => {
    await run(site.programs.patronictl, ['-c', (await primary()).file, ...args], {
      timeout: 60_000,
      env: { ...process.env, LANG: 'C.UTF-8' },
    });
  };
  const mend = async (): Promise<void> => {
    const [leading, well] = [await primary(), await streaming()];
    const lost = nodes.filter((node) => node !== leading && !well.includes(node.name));
    console.log(`Patroni has not made the cluster whole by itself: ${JSON.stringify(await state())}`);
    for (const node of nodes) console.log(await node.journal());
    console.log(`Mended: ${lost.map(({ name }) => name).join(', ') || 'the primary is restarted'}`);
    await Promise.all(lost.map((node) => node.renew()));
    // Patroni sets synchronous_standby_names only once, also where its file could not be written.
    if (lost.length === 0) await control('restart', '--role', 'leader', '--force', 'rehearsal');
  };
  const primary = async (): Promise<PatroniNode> => {
    const found = await leader();
    if (found === undefined) throw new Error('The cluster has no primary');
    return found;
  };

  const [first, ...others] = nodes;
  await first?.start();
  await until('the cluster has a primary', async () => (await leader()) !== undefined, 60_000);
  await Promise.all(others.map((node) => node.start()));
  await isWhole();
  const resources = undo.move();
  return {
    nodes,
    primary,
    hasAnotherPrimary: (old) =>
      until('another node is the primary', async () => ![undefined, old].includes(await leader()), 60_000),
    becomeWhole: () => isWhole().catch(() => mend().then(isWhole)),
    switchover: () => control('switchover', '--force'),
    url,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
};
