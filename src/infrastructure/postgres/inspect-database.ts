import { TLSSocket } from 'node:tls';
import type { Client } from 'pg';
import { connectClient } from './connection/connect.ts';
import { readConnectionSettings } from './connection/connection-settings.ts';
import type { Environment } from './connection/read-parameters.ts';
import { types } from './client/type-parsers.ts';
import { missingListIndexes } from './maintenance/list-indexes.ts';
import { readFacts, type Facts, type Run } from './requirements/facts.ts';
import { migrationNames } from './requirements/migration-files.ts';
import { pendingMigrations } from './requirements/recorded-migrations.ts';
import { migrationObstacles, unmetRequirements } from './requirements/requirements.ts';
import type { Unmet } from './requirements/unmet-error.ts';

/** What an operator should know of a database before a service uses it. */
export interface Inspection {
  readonly facts: Facts;
  /** The migrations that have not run yet, in order. */
  readonly pending: readonly string[];
  readonly unmet: readonly Unmet[];
  /** Indexes that a migrated database lacks: lists are slow, and the next run of the migrations builds them. */
  readonly missingIndexes: readonly string[];
  /** What this role lacks to run the pending migrations, and to build the missing indexes. */
  readonly obstacles: readonly Unmet[];
  /** The version of TLS; null where the connection is not encrypted all the way that can be seen. */
  readonly encryption: string | null;
}

interface InspectionOptions {
  /** The service will not send all session settings, so that those are judged that the role has. */
  readonly isPooled?: boolean;
  /** Replaces a shorter one of the role, as that of the service does. */
  readonly statementTimeoutMs?: number;
  readonly environment?: Environment;
}

/**
 * Reads, and changes nothing. Rejects where no host answers in time, and with `UnmetRequirementsError` for an engine that
 * cannot be used.
 */
export const inspectDatabase = async (
  url: string,
  { isPooled = false, statementTimeoutMs, environment }: InspectionOptions = {},
): Promise<Inspection> => {
  const settings = readConnectionSettings(url, environment);
  const client = await connectClient(settings, {
    isPooled,
    queryTimeoutMs: 3_000,
    ...(statementTimeoutMs !== undefined && { statementTimeoutMs }),
  });
  try {
    const facts = await readFacts(runOn(client));
    const migrations = await migrationNames();
    const pending = pendingMigrations(facts, migrations);
    const isMigrated = pending.length === 0 && facts.tables.includes('tasks');
    const missingIndexes = isMigrated ? await missingListIndexes(runOn(client)) : [];
    return {
      facts,
      pending,
      unmet: unmetRequirements(facts, migrations),
      missingIndexes,
      obstacles: migrationObstacles(facts, migrations, pending.length === 0 && missingIndexes.length === 0),
      // PostgreSQL sees the connection of a pooler, and the socket only the one to the pooler.
      encryption: client.connection.stream instanceof TLSSocket ? facts.encryption : null,
    };
  } finally {
    await client.end();
  }
};

/** Runs statements on one connection, each in a transaction of its own. */
export const runOn =
  (client: Client): Run =>
  async ({ sql, values, parser }) => {
    const text = sql.replaceAll('$slonik_', '$');
    const { rows } = await client.query<Record<string, unknown>>({ text, values: [...values], types });
    return rows.map((row) => parser.parse(row));
  };
