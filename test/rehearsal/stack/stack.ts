import { prepareDatabase, rowsOf } from '../../faults/processes/sql.ts';
import { startServiceProcess, type ServiceProcess } from '../../faults/processes/service-process.ts';
import { numbers } from '../../support/in-batches.ts';
import { startPgBouncer, type PgBouncer } from '../../support/postgres/pgbouncer.ts';
import { startEtcd } from './etcd.ts';
import { httpConfiguration, postgresConfiguration, startHaproxy } from './haproxy.ts';
import { startCluster, type PatroniCluster } from './patroni-cluster.ts';
import type { Site } from './site.ts';

/** clients → HAProxy → three instances → PgBouncer → HAProxy → the primary of three PostgreSQL nodes. */
export interface Stack extends AsyncDisposable {
  /** Where clients send their requests. */
  readonly port: number;
  readonly instances: readonly ServiceProcess[];
  readonly pooler: PgBouncer;
  readonly cluster: PatroniCluster;
}

export const startStack = async (site: Site): Promise<Stack> => {
  await using undo = new AsyncDisposableStack();
  const etcd = undo.use(await startEtcd(site));
  const cluster = undo.use(await startCluster(site, etcd.address));
  const superuser = await cluster.url();
  await prepareDatabase(superuser);
  await rowsOf(
    superuser,
    `alter role app set statement_timeout = '${serviceSettings.DATABASE_STATEMENT_TIMEOUT_MS}ms'`,
  );

  const toPrimary = undo.use(
    await startHaproxy(site, 'haproxy-postgres', postgresConfiguration(cluster.nodes)),
  );
  const databaseUrl = `postgres://app:app@127.0.0.1:${toPrimary.port}/postgres`;
  const pooler = await startPgBouncer(databaseUrl, { settings: poolerSettings });
  if (pooler === null) throw new Error('pgbouncer is not installed');
  undo.use(pooler);

  const environment = {
    ...serviceSettings,
    DATABASE_URL: pooler.url,
  };
  const starting = numbers(3).map(() => startServiceProcess(environment));
  // Where one does not start, the others are stopped.
  for (const one of await Promise.allSettled(starting)) if (one.status === 'fulfilled') undo.use(one.value);
  const instances = await Promise.all(starting);
  const ports = instances.map(({ port }) => port);
  const toService = undo.use(await startHaproxy(site, 'haproxy-http', httpConfiguration(ports)));
  const resources = undo.move();
  return {
    port: toService.port,
    instances,
    pooler,
    cluster,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
};

/** As docs/operations.md recommends them. */
const serviceSettings = {
  DATABASE_PREPARED_STATEMENTS: 'false', // PgBouncer before 1.21
  DATABASE_STATEMENT_TIMEOUT_MS: '5000',
  REQUEST_TIMEOUT_MS: '10000',
  SHUTDOWN_DELAY_MS: '2000',
};

/** As docs/operations.md recommends them. */
const poolerSettings = {
  default_pool_size: 20,
  // Connections that were idle for longer are checked before use.
  server_check_delay: 2,
  server_login_retry: 0.5,
  server_connect_timeout: 2,
  query_wait_timeout: 2,
  server_idle_timeout: 60,
};
