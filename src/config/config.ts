import { z } from 'zod';
import { addressRanges, count, origins, wholeNumber, words } from './schemas.ts';
import { algorithms, keySetUrl, tokenProblems } from './token-config.ts';

/** sysexits.h: something is wrong with the configuration. */
export const configurationExitCode = 78;

const flag = z
  .enum(['true', 'false'], { error: 'must be true or false' })
  .transform((value) => value === 'true');

const databaseUrl = z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// URL' });

const secret = z
  .string()
  .refine(
    (value) => Buffer.byteLength(value) >= 32,
    'must have at least 32 bytes (openssl rand -base64 32 makes one)',
  );

/** Every variable, each with its rule and its default; an empty one counts as not set. */
export const variables = {
  NODE_ENV: z
    .enum(['development', 'production', 'test'], { error: 'must be development, production or test' })
    .default('development')
    .describe('`production` refuses every development convenience'),
  HOST: z.string().default('127.0.0.1').describe('The address to listen on'),
  PORT: count(8000, 0, 65_535).describe('The port to listen on; 0 takes a free one'),
  OPS_HOST: z.string().default('127.0.0.1').describe('The address of the operations listener'),
  OPS_PORT: count(9464, 0, 65_535).describe('The port of the operations listener; 0 takes a free one'),
  DATA_DIR: z
    .string()
    .default('.data')
    .describe('Where the embedded PostgreSQL and the development secret are kept'),
  DATABASE_URL: databaseUrl
    .optional()
    .describe('PostgreSQL 15 or newer; without it an embedded one is started. Required in production'),
  DATABASE_POOL_MAX: count(10, 1, 1000).describe('Connections to the database, at most'),
  DATABASE_QUEUE_MAX: count(200, 0, 100_000).describe(
    'Requests that may wait for a connection; one more is 503',
  ),
  DATABASE_STATEMENT_TIMEOUT_MS: count(5000, 1, 600_000).describe(
    'The longest a statement may run, in milliseconds; less than `REQUEST_TIMEOUT_MS`, and by itself never more',
  ),
  DATABASE_PREPARED_STATEMENTS: flag
    .default(true)
    .describe('`false` for a pooler in transaction mode that lacks them, such as PgBouncer before 1.21'),
  CACHE_MAX_OWNERS: count(10_000, 0, 1_000_000).describe(
    'Number of users whose lists are cached in memory, about 15 kB for each. Never stale: every read checks the version. 0: no cache',
  ),
  MIGRATE_ON_START: flag
    .optional()
    .describe('Run pending migrations before listening; `true` in development, `false` in production'),
  BETTER_AUTH_SECRET: secret
    .optional()
    .describe(
      'The secret that tokens are signed with (HS256), 32 bytes at least. In development one is made, unless there ' +
        'is a JWKS_URL; in production one of the two is required',
    ),
  JWKS_URL: keySetUrl
    .optional()
    .describe(
      "Where the issuer's public keys are, https in production. They are fetched anew after 5 minutes of use; a key " +
        'that is withdrawn is good for 10 minutes at most, or for an hour while the issuer cannot be reached; a new ' +
        'one is found within 10 seconds',
    ),
  JWT_ALGORITHMS: algorithms
    .optional()
    .describe(
      'The algorithms that a token may be signed with, comma-separated: HS256 for the secret, any other for the key ' +
        'set. Without it HS256 for the secret and every other one that is known for the key set',
    ),
  JWT_ISSUER: z.string().optional().describe('The `iss` that a token must have; without it any will do'),
  JWT_AUDIENCE: z.string().optional().describe('The `aud` that a token must have; without it any will do'),
  TOKEN_CACHE_MAX: count(10_000, 0, 1_000_000).describe(
    'Good tokens that are remembered for up to a minute, at most; `0` checks every token in full',
  ),
  JWT_USER_ID_CLAIMS: words
    .default(['user_id', 'sub', 'id'])
    .refine((claims) => claims.length > 0, 'must name at least one claim')
    .describe('The claims that may name the user, the first that is there decides; comma-separated'),
  CORS_ORIGINS: origins
    .optional()
    .describe(
      'Origins whose pages may call the API (CORS), comma-separated, exact. Unset: in production none, else any port of `http://localhost` and `http://127.0.0.1`',
    ),
  RATE_LIMIT_MAX: count(300, 0, 1_000_000_000).describe('Requests of a user in a window; `0` is no limit'),
  RATE_LIMIT_WINDOW_SECONDS: count(60, 1, 86_400).describe('How long a window is'),
  RATE_LIMIT_ADDRESS_MAX: wholeNumber(0, 1_000_000_000)
    .optional()
    .describe(
      'Requests from an address in a window, with or without a token; `0` is no limit. Not set: four times `RATE_LIMIT_MAX`, 1200 at least, and no limit where that has none',
    ),
  TRUST_PROXY_HOPS: count(0, 0, 20).describe('How many proxies’ entries in X-Forwarded-For to believe'),
  TRUSTED_PROXIES: addressRanges
    .optional()
    .describe(
      'Addresses of proxies, IPv4 or IPv6, comma-separated, with ranges such as 10.0.0.0/8. Only their X-Forwarded-For is ' +
        'believed, and they may have more than `MAX_CONNECTIONS_PER_ADDRESS`. Not set: with `TRUST_PROXY_HOPS` above 0 ' +
        'every peer counts as a proxy, else none',
    ),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/, error: 'must be a redis:// or rediss:// URL' })
    .optional()
    .describe(
      'Redis for rate limits that several instances count together. Unset: each instance counts alone',
    ),
  REQUEST_TIMEOUT_MS: count(10_000, 10, 600_000).describe(
    'The longest a request may take before it is answered 504, in milliseconds',
  ),
  MAX_CONNECTIONS: count(10_000, 1, 1_000_000).describe(
    'Connections of clients, at most; one more is dropped. From 90 % on, idle ones are closed for new ones',
  ),
  MAX_CONNECTIONS_PER_ADDRESS: count(1000, 0, 1_000_000).describe(
    'Connections of one address (IPv6: of one /64), at most; one more is dropped. `0` is no limit. Proxies are exempt. ' +
      'Not more than `MAX_CONNECTIONS`, and by itself never more',
  ),
  SHUTDOWN_TIMEOUT_MS: count(10_000, 100, 600_000).describe(
    'How long it may take to stop after SIGTERM; requests have four fifths of it to finish',
  ),
  SHUTDOWN_DELAY_MS: count(0, 0, 600_000).describe(
    'How long after SIGTERM connections are still accepted, while it says that it is not ready, for load balancers to notice',
  ),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'must be fatal, error, warn, info, debug, trace or silent',
    })
    .default('info')
    .describe('How much is logged: one JSON line a request at `info`'),
} as const;

const schema = z.object(variables);
export type Config = z.infer<typeof schema>;

/** All that is wrong, a line each; values are not repeated, for they may be secrets. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** The configuration in an environment. Throws {@link ConfigError} with every problem there is. */
export const loadConfig = (environment: NodeJS.ProcessEnv): Config => {
  const given = Object.fromEntries(
    Object.keys(variables).flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])),
  );
  const parsed = schema.safeParse(given);
  const problems = (parsed.error?.issues ?? []).map(({ path, message }) => `${path.join('.')} ${message}`);
  const names = variables.JWT_ALGORITHMS.safeParse(given['JWT_ALGORITHMS']).data;
  problems.push(...tokenProblems({ ...given, JWT_ALGORITHMS: names }));
  if (given['NODE_ENV'] === 'production' && given['DATABASE_URL'] === undefined)
    problems.push('DATABASE_URL is required in production');
  const config = parsed.data && resolveDefaults(parsed.data, given);
  if (config !== undefined) problems.push(...contradictions(config));
  if (config === undefined || problems.length > 0) throw new ConfigError(problems);
  return config;
};

/** A default gives way to what is said of another variable. */
const resolveDefaults = (config: Config, given: Readonly<Record<string, unknown>>): Config => ({
  ...config,
  ...('DATABASE_STATEMENT_TIMEOUT_MS' in given
    ? {}
    : {
        DATABASE_STATEMENT_TIMEOUT_MS: Math.min(
          config.DATABASE_STATEMENT_TIMEOUT_MS,
          config.REQUEST_TIMEOUT_MS - 1,
        ),
      }),
  ...('MAX_CONNECTIONS_PER_ADDRESS' in given
    ? {}
    : {
        MAX_CONNECTIONS_PER_ADDRESS: Math.min(config.MAX_CONNECTIONS_PER_ADDRESS, config.MAX_CONNECTIONS),
      }),
});

/** What each variable may be by itself, and not beside the others. */
const contradictions = (config: Config): readonly string[] => [
  ...(config.DATABASE_STATEMENT_TIMEOUT_MS < config.REQUEST_TIMEOUT_MS
    ? []
    : ['DATABASE_STATEMENT_TIMEOUT_MS must be less than REQUEST_TIMEOUT_MS']),
  ...(config.MAX_CONNECTIONS_PER_ADDRESS <= config.MAX_CONNECTIONS
    ? []
    : ['MAX_CONNECTIONS_PER_ADDRESS must be at most MAX_CONNECTIONS']),
  ...(config.SHUTDOWN_DELAY_MS < config.SHUTDOWN_TIMEOUT_MS
    ? []
    : ['SHUTDOWN_DELAY_MS must be less than SHUTDOWN_TIMEOUT_MS, of which it is a part']),
];
