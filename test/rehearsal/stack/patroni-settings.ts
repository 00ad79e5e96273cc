/** Patroni's dynamic configuration: as docs/operations.md recommends, with a shorter `ttl`. */
export const clusterSettings = {
  // How long the lock of a dead primary lasts. Must be at least loop_wait + 2 × retry_timeout.
  ttl: 15,
  loop_wait: 5,
  retry_timeout: 5,
  maximum_lag_on_failover: 1_048_576,
  // A write is acknowledged once the synchronous standby has it; only that standby becomes the primary.
  synchronous_mode: true,
  postgresql: {
    use_pg_rewind: true,
    parameters: {
      max_connections: 60,
      wal_log_hints: 'on',
      // For a small disk and a short crash recovery.
      min_wal_size: '2MB',
      max_wal_size: '64MB',
      wal_keep_size: '32MB',
      shared_buffers: '32MB',
    },
  },
};

export interface NodeSettings {
  readonly name: string;
  readonly port: number;
  readonly restPort: number;
  readonly etcd: string;
  /** Holds the data and the password file. */
  readonly folder: string;
  readonly binaries: string;
  readonly password: string;
}

/** The configuration of one node, as JSON, which is YAML. */
export const nodeConfiguration = (node: NodeSettings): string =>
  JSON.stringify({
    scope: 'rehearsal',
    name: node.name,
    restapi: { listen: `127.0.0.1:${node.restPort}`, connect_address: `127.0.0.1:${node.restPort}` },
    etcd3: { host: node.etcd },
    bootstrap: {
      dcs: clusterSettings,
      initdb: [{ encoding: 'UTF8' }, { locale: 'C.UTF-8' }, { 'wal-segsize': '1' }, 'data-checksums'],
      pg_hba: [
        'host replication replicator 127.0.0.1/32 scram-sha-256',
        'host all all 127.0.0.1/32 scram-sha-256',
      ],
    },
    postgresql: {
      listen: `127.0.0.1:${node.port}`,
      connect_address: `127.0.0.1:${node.port}`,
      data_dir: `${node.folder}/data`,
      bin_dir: node.binaries,
      pgpass: `${node.folder}/pgpass`,
      authentication: {
        superuser: { username: 'postgres', password: node.password },
        replication: { username: 'replicator', password: node.password },
      },
      parameters: { unix_socket_directories: '' },
    },
  });
