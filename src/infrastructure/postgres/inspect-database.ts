import { TLSSocket } from 'node:tls';
import type { Client } from 'pg';
import { connectClient } from './connection/connect.ts';
import { readConnectionSettings } from './connection/connection-settings.ts';
import type { Environment } from './connection/read-parameters.ts';
import { readFacts, type Facts, type Run } from './requirements/facts.ts';
import { migrationNames } from './requirements/migration-files.ts';
import { pendingMigrations, unmetRequirements, type Unmet } from './requirements/requirements.ts';

/** What an operator should know of a database before a service uses it. */
export interface Inspection {
  readonly facts: Facts;
  /** The migrations that have not run yet, in order. */
  readonly pending: readonly string[];
  readonly unmet: readonly Unmet[];
  /** The version of TLS; null where the connection is not encrypted all the way that can be seen. */
  readonly encryption: string | null;
}

/**
 * Reads, and changes nothing. `isPooled`: the service will not send all session settings, so that those are judged that the
 * role has. Rejects where no host answers in time.
 */
export const inspectDatabase = async (
  url: string,
  { isPooled = false, environment }: { readonly isPooled?: boolean; readonly environment?: Environment } = {},
): Promise<Inspection> => {
  const settings = readConnectionSettings(url, environment);
  const client = await connectClient(settings, { isPooled, queryTimeoutMs: 3_000 });
  try {
    const facts = await readFacts(runOn(client));
    const migrations = await migrationNames();
    return {
      facts,
      pending: pendingMigrations(facts, migrations),
      unmet: unmetRequirements(facts, migrations),
      // PostgreSQL sees the connection of a pooler, and the socket only the one to the pooler.
      encryption: client.connection.stream instanceof TLSSocket ? facts.encryption : null,
    };
  } finally {
    await client.end();
  }
};

/** For statements without parameters. */
export const runOn =
  (client: Client): Run =>
  async (statement) => {
    const { rows } = await client.query<Record<string, unknown>>(statement.sql);
    return rows.map((row) => statement.parser.parse(row));
  };
