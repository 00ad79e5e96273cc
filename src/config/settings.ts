import type { Config } from './config.ts';

/** The configuration once nothing is missing: in development, what was not configured has been made. */
export interface Settings extends Config {
  readonly DATABASE_URL: string;
}
