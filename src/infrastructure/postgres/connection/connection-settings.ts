import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { Given } from './parameters.ts';
import { defaultPasswordFile, socketFolders } from './password-file.ts';
import { readParameters, type Environment } from './read-parameters.ts';
import { readTls, type Tls } from './tls-options.ts';

/** A server that may be connected to. */
export interface Target {
  /** A name, an address, or the directory of a Unix socket. */
  readonly host: string;
  /** The address of the host, where its name is not to be looked up. */
  readonly address: string | null;
  readonly port: number;
}

/** All settings of a connection, from a connection string and the environment. */
export interface ConnectionSettings {
  /** Tried one after the other. */
  readonly targets: readonly [Target, ...Target[]];
  readonly isOrderRandom: boolean;
  readonly needs: 'any' | 'read-write' | 'primary';
  readonly tls: readonly Tls[];
  readonly isTlsDirect: boolean;
  readonly channelBinding: 'disable' | 'prefer' | 'require';
  readonly user: string;
  readonly password: string | undefined;
  /** Where the password is looked up if there is none; null for a user without a home. */
  readonly passwordFile: string | null;
  readonly database: string;
  readonly options: string | undefined;
  readonly applicationName: string | undefined;
  /** The longest that opening a connection to one host may take, in milliseconds. */
  readonly connectTimeoutMs: number;
  readonly isKeptAlive: boolean;
  readonly keepAliveDelayMs: number;
}

/** The problems of a connection string; each is a sentence that begins with the name of a variable. */
export class ConnectionStringError extends Error {
  override readonly name = 'ConnectionStringError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('; '));
    this.problems = problems;
  }
}

const defaultConnectTimeoutMs = 2_000;

/**
 * Reads a connection URI for the service, the migrations and check-config alike. The PG… variables of `environment` stand
 * for what it lacks, as in libpq. Throws {@link ConnectionStringError} with every problem.
 */
export const readConnectionSettings = (
  uri: string,
  environment: Environment = process.env,
): ConnectionSettings => {
  const { given, problems: found } = readParameters(uri, environment);
  const problems = [...found];
  const valueOf = (name: string): string | undefined => given.get(name)?.value;
  const wordOf = <Word extends string>(name: string, words: readonly [Word, ...Word[]]): Word =>
    words.find((word) => word === valueOf(name)) ?? words[0];

  const targets = readTargets(given);
  const user = valueOf('user') ?? systemUser();
  if (typeof targets === 'string') problems.push(targets);
  if (user === undefined) problems.push('DATABASE_URL has no user');
  const tls = readTls(given, (problem) => problems.push(problem));
  if (problems.length > 0 || typeof targets === 'string' || user === undefined)
    throw new ConnectionStringError(problems);
  const timeoutSeconds = Number(valueOf('connect_timeout') ?? 0);
  return {
    targets,
    isOrderRandom: valueOf('load_balance_hosts') === 'random',
    needs: wordOf('target_session_attrs', ['any', 'read-write', 'primary']),
    tls,
    isTlsDirect: valueOf('sslnegotiation') === 'direct',
    channelBinding: wordOf('channel_binding', ['prefer', 'disable', 'require']),
    user,
    password: valueOf('password'),
    passwordFile: unlessEmpty(environment['PGPASSFILE'] ?? '') ?? defaultPasswordFile(),
    database: valueOf('dbname') ?? user,
    options: valueOf('options'),
    applicationName: valueOf('application_name') ?? valueOf('fallback_application_name'),
    connectTimeoutMs: timeoutSeconds > 0 ? timeoutSeconds * 1000 : defaultConnectTimeoutMs,
    isKeptAlive: valueOf('keepalives') !== '0',
    keepAliveDelayMs: Math.max(0, Number(valueOf('keepalives_idle') ?? 0)) * 1000,
  };
};

/** The servers, or what is wrong with them. One port stands for all hosts; an empty one is 5432. */
const readTargets = (given: ReadonlyMap<string, Given>): ConnectionSettings['targets'] | string => {
  const listOf = (name: string) => given.get(name)?.value.split(',').map(unlessEmpty) ?? [];
  const [hosts, addresses, ports] = [listOf('host'), listOf('hostaddr'), listOf('port')];
  const count = Math.max(hosts.length, addresses.length, 1);
  if (hosts.length > 0 && addresses.length > 0 && hosts.length !== addresses.length)
    return 'DATABASE_URL must have as many addresses (hostaddr) as hosts';
  if (ports.length > 1 && ports.length !== count)
    return 'DATABASE_URL must have one port, or one for each host';
  const portAt = (index: number): number => Number((ports.length === 1 ? ports[0] : ports[index]) ?? 5432);
  const [first, ...others] = Array.from({ length: count }, (_, index): Target => {
    const port = portAt(index);
    const address = addresses[index] ?? null;
    return { host: hosts[index] ?? address ?? defaultHost(port), address, port };
  });
  if (first === undefined) return 'DATABASE_URL has no host';
  const targets = [first, ...others] as const;
  if (!targets.every(({ port }) => Number.isInteger(port) && port > 0 && port < 65_536))
    return `${given.get('port')?.source ?? 'DATABASE_URL'} must be from 1 to 65535`;
  if (targets.some(({ host }) => host.startsWith('@')))
    return 'DATABASE_URL has an abstract socket as its host, which is not supported';
  return [first, ...others];
};

const unlessEmpty = (text: string): string | undefined => (text === '' ? undefined : text);

/** Where libpq looks for a server without a host. */
const defaultHost = (port: number): string =>
  socketFolders.find((folder) => existsSync(`${folder}/.s.PGSQL.${port}`)) ?? 'localhost';

/** A container may run as a user id without a name. */
const systemUser = (): string | undefined => {
  try {
    return unlessEmpty(userInfo().username);
  } catch {
    return undefined;
  }
};
