import type { Config } from './config.ts';

/** The complete configuration: in development, missing values are generated. */
export interface Settings extends Config {
  readonly DATABASE_URL: string;
  /** The embedded PostgreSQL: the PG… variables of the environment are meant for other servers. */
  readonly isDatabaseEmbedded?: boolean;
}
