/** A parameter of libpq: the variable that stands for it where the URI lacks it, and the values that are accepted. */
interface Parameter {
  readonly variable?: string;
  readonly accept?: RegExp;
  /** Completes the sentence "sslmode …", for a value that is not accepted. */
  readonly rule?: string;
}

const notSupported = 'is not supported';
const oneOf = (...words: readonly string[]) => ({
  accept: new RegExp(`^(?:${words.join('|')})$`),
  rule: `must be ${words.join(', ')}`,
});
const onlyDefault = (accept: RegExp) => ({ accept, rule: notSupported });
const refused = { accept: /^$/, rule: notSupported };

const seconds = { accept: /^-?\d{1,6}$/, rule: 'must be a whole number of seconds' };
const tlsVersion = oneOf('TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3');

/**
 * Every parameter of libpq 18, and `ssl` as JDBC and node-postgres have it. What node-postgres cannot do is refused, so
 * that no parameter is ignored. https://www.postgresql.org/docs/18/libpq-connect.html#LIBPQ-PARAMKEYWORDS
 */
export const knownParameters: Readonly<Record<string, Parameter>> = {
  host: { variable: 'PGHOST' },
  hostaddr: { variable: 'PGHOSTADDR' },
  port: { variable: 'PGPORT' },
  dbname: { variable: 'PGDATABASE' },
  user: { variable: 'PGUSER' },
  password: { variable: 'PGPASSWORD' },
  options: { variable: 'PGOPTIONS' },
  application_name: { variable: 'PGAPPNAME' },
  fallback_application_name: {},
  connect_timeout: { variable: 'PGCONNECT_TIMEOUT', ...seconds },
  client_encoding: {
    variable: 'PGCLIENTENCODING',
    accept: /^(?:utf-?8|unicode|auto)$/i,
    rule: 'must be UTF8',
  },
  target_session_attrs: {
    variable: 'PGTARGETSESSIONATTRS',
    ...oneOf('any', 'read-write', 'primary'),
  },
  load_balance_hosts: { variable: 'PGLOADBALANCEHOSTS', ...oneOf('disable', 'random') },
  keepalives: { accept: /^[01]$/, rule: 'must be 0 or 1' },
  keepalives_idle: seconds,
  ssl: oneOf('true', 'false', '1', '0', 'no-verify'),
  sslmode: {
    variable: 'PGSSLMODE',
    ...oneOf('disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'),
  },
  sslnegotiation: { variable: 'PGSSLNEGOTIATION', ...oneOf('postgres', 'direct') },
  sslrootcert: { variable: 'PGSSLROOTCERT' },
  sslcert: { variable: 'PGSSLCERT' },
  sslkey: { variable: 'PGSSLKEY' },
  sslpassword: {},
  sslcrl: { variable: 'PGSSLCRL' },
  ssl_min_protocol_version: { variable: 'PGSSLMINPROTOCOLVERSION', ...tlsVersion },
  ssl_max_protocol_version: { variable: 'PGSSLMAXPROTOCOLVERSION', ...tlsVersion },
  channel_binding: { variable: 'PGCHANNELBINDING', ...oneOf('disable', 'prefer', 'require') },

  // Accepted where they request what happens anyway.
  gssencmode: { variable: 'PGGSSENCMODE', ...onlyDefault(/^(?:disable|prefer)$/) },
  replication: onlyDefault(/^(?:false|off|no|0)$/),
  requiressl: { variable: 'PGREQUIRESSL', ...onlyDefault(/^0$/) },
  sslcertmode: { variable: 'PGSSLCERTMODE', ...onlyDefault(/^allow$/) },
  sslcompression: { variable: 'PGSSLCOMPRESSION', ...onlyDefault(/^0$/) },
  sslsni: { variable: 'PGSSLSNI', ...onlyDefault(/^1$/) },
  min_protocol_version: { variable: 'PGMINPROTOCOLVERSION', ...onlyDefault(/^3\.0$/) },
  max_protocol_version: { variable: 'PGMAXPROTOCOLVERSION', ...onlyDefault(/^(?:3\.[02]|latest)$/) },

  passfile: { accept: /^$/, rule: 'is not supported; set PGPASSFILE instead' },
  gssdelegation: { variable: 'PGGSSDELEGATION', ...refused },
  gsslib: { variable: 'PGGSSLIB', ...refused },
  keepalives_count: refused,
  keepalives_interval: refused,
  krbsrvname: { variable: 'PGKRBSRVNAME', ...refused },
  oauth_client_id: refused,
  oauth_client_secret: refused,
  oauth_issuer: refused,
  oauth_scope: refused,
  require_auth: { variable: 'PGREQUIREAUTH', ...refused },
  requirepeer: { variable: 'PGREQUIREPEER', ...refused },
  scram_client_key: refused,
  scram_server_key: refused,
  service: { variable: 'PGSERVICE', ...refused },
  servicefile: refused,
  sslcrldir: { variable: 'PGSSLCRLDIR', ...refused },
  sslkeylogfile: refused,
  tcp_user_timeout: refused,
};

/** The variables of libpq that are read: those of the parameters, and that of the password file. */
export const libpqVariables: readonly string[] = [
  ...Object.values(knownParameters).flatMap(({ variable }) => variable ?? []),
  'PGPASSFILE',
];

/** A parameter's value, and where it was given, for messages: `DATABASE_URL: sslmode`, or `PGSSLMODE`. */
export interface Given {
  readonly value: string;
  readonly source: string;
}

/** The parameters that are given, by their names. */
export type GivenParameters = ReadonlyMap<string, Given>;
