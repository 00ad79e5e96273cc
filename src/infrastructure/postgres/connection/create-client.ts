import { Client, type ClientConfig } from 'pg';
import '../client/ignore-late-errors.ts';
import type { ConnectionSettings, Target } from './connection-settings.ts';
import { passwordFromFile } from './login-error.ts';
import { startupSettings, type SessionOptions } from './session-settings.ts';
import type { Tls } from './tls-options.ts';

export interface ClientOptions extends SessionOptions {
  readonly types?: NonNullable<ClientConfig['types']>;
  /** The longest that a query may take, in milliseconds. */
  readonly queryTimeoutMs?: number;
}

/** A client of node-postgres that is not connected yet, and reads nothing from the environment. */
export const createClient = (
  settings: ConnectionSettings,
  { host, address, port }: Target,
  tls: Tls,
  options: ClientOptions,
): Client => {
  const { user, password, passwordFile, database, channelBinding } = settings;
  const client = new Client({
    host: address ?? host,
    port,
    user,
    database,
    // Called only if the server requires a password, so that each connection reads the file as it is then.
    password: () => password ?? passwordFromFile(passwordFile, { host, port, database, user }),
    // A copy: node-postgres changes it. With an address, the certificate has to be that of the host.
    ssl: tls === null ? false : { ...tls, ...(address !== null && address !== host && { servername: host }) },
    sslnegotiation: settings.isTlsDirect && tls !== null ? 'direct' : 'postgres',
    enableChannelBinding: tls !== null && channelBinding !== 'disable',
    connectionTimeoutMillis: settings.connectTimeoutMs,
    keepAlive: settings.isKeptAlive,
    keepAliveInitialDelayMillis: settings.keepAliveDelayMs,
    ...(options.queryTimeoutMs !== undefined && { query_timeout: options.queryTimeoutMs }),
    ...(options.types && { types: options.types }),
  });
  const startup = {
    user,
    database,
    ...(settings.applicationName !== undefined && { application_name: settings.applicationName }),
    ...(settings.options !== undefined && { options: settings.options }),
    ...startupSettings(options),
  };
  // node-postgres would send PGAPPNAME and PGOPTIONS, and cannot send most of these.
  if (typeof Reflect.get(client, 'getStartupConf') !== 'function')
    throw new TypeError('node-postgres has no Client.getStartupConf');
  Reflect.set(client, 'getStartupConf', () => startup);
  return client;
};
