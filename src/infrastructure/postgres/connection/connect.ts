import { DatabaseError, type Client } from 'pg';
import { ChannelBindingError, requireChannelBinding } from './channel-binding.ts';
import type { ConnectionSettings, Target } from './connection-settings.ts';
import { withTimeout } from '../../system/timeout.ts';
import { createClient, type ClientOptions } from './create-client.ts';
import { explainLogin, LoginError } from './login-error.ts';
import type { Tls } from './tls-options.ts';

/**
 * Opens a connection to the first host that accepts one and meets `target_session_attrs`, as libpq does: a host that
 * refuses the login ends the search. Rejects with the error of the host, or with an AggregateError of several hosts.
 */
export const connectClient = async (
  settings: ConnectionSettings,
  options: ClientOptions,
): Promise<Client> => {
  const failures: unknown[] = [];
  for (const target of inOrder(settings)) {
    try {
      return await connectTo(settings, target, options);
    } catch (error) {
      failures.push(error);
      if (isFinal(error)) break;
    }
  }
  if (failures.length === 1) throw failures[0];
  const reasons = failures.map((error) => (error instanceof Error ? error.message : String(error)));
  throw new AggregateError(failures, `No host of DATABASE_URL can be used: ${reasons.join('; ')}`);
};

const inOrder = ({ targets, isOrderRandom }: ConnectionSettings): readonly Target[] =>
  isOrderRandom
    ? targets
        .map((target) => ({ target, sortKey: Math.random() }))
        .toSorted((a, b) => a.sortKey - b.sortKey)
        .map(({ target }) => target)
    : targets;

/** TLS is not used over a Unix socket, whatever the mode. */
const connectTo = async (
  settings: ConnectionSettings,
  target: Target,
  options: ClientOptions,
): Promise<Client> => {
  const [first = null, second] = (target.address ?? target.host).startsWith('/') ? [null] : settings.tls;
  try {
    return await open(settings, target, first, options);
  } catch (error) {
    if (second === undefined || !isTlsRefused(error)) throw error;
    return await open(settings, target, second, options);
  }
};

const open = async (
  settings: ConnectionSettings,
  target: Target,
  tls: Tls,
  options: ClientOptions,
): Promise<Client> => {
  if (settings.channelBinding === 'require' && tls === null) throw new ChannelBindingError();
  const client = createClient(settings, target, tls, options);
  const isBound = settings.channelBinding === 'require' ? requireChannelBinding(client) : () => true;
  try {
    await client.connect();
    if (!isBound()) throw new ChannelBindingError();
    await withTimeout(settings.connectTimeoutMs, refuseStandby(client, settings));
    return client;
  } catch (error) {
    client.end().catch(() => undefined);
    throw explainLogin(error, options.isPooled);
  }
};

/** The server has no TLS, or its pg_hba.conf has no entry for a connection of this kind. */
const isTlsRefused = (error: unknown): boolean =>
  error instanceof Error &&
  (error.message === 'The server does not support SSL connections' ||
    (error instanceof DatabaseError && error.code === '28000'));

/** A server that refuses the login, other than one that starts, stops or is full. */
const isFinal = (error: unknown): boolean =>
  error instanceof LoginError ||
  (error instanceof DatabaseError && !/^(?:57P0.|53...)$/.test(error.code ?? ''));

const writable = {
  'read-write': `SELECT current_setting('transaction_read_only') = 'off' AND NOT pg_is_in_recovery() AS fits`,
  primary: 'SELECT NOT pg_is_in_recovery() AS fits',
} as const;

const refuseStandby = async (client: Client, { needs }: ConnectionSettings): Promise<void> => {
  if (needs === 'any') return;
  const { rows } = await client.query<{ fits: boolean }>(writable[needs]);
  if (rows[0]?.fits !== true) throw new Error(`the server is not ${needs} (target_session_attrs)`);
};
