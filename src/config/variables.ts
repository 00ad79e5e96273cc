import { z } from 'zod';
import {
  addressRanges,
  count,
  flag,
  listenHost,
  origins,
  secret,
  secretFile,
  wholeNumber,
  words,
} from './schemas.ts';
import { publicUrl } from './public-url-config.ts';
import { redisUrl } from './redis-config.ts';
import { databaseUrl } from './database-config.ts';
import { algorithms, keySetUrl } from './token-config.ts';

export const defaultOperationsPort = 9464;

/** Every environment variable with its validation rule, default and documentation. An empty one is unset. */
export const variables = {
  NODE_ENV: z
    .enum(['development', 'production', 'test'], { error: 'must be development, production or test' })
    .default('development')
    .describe('`production` disables all development defaults and tools'),
  HOST: listenHost.default('127.0.0.1').describe('Address of the API listener'),
  PORT: count(8000, 0, 65_535).describe('Port of the API listener. 0: any free port'),
  OPS_HOST: listenHost.default('127.0.0.1').describe('Address of the operations listener'),
  OPS_PORT: count(defaultOperationsPort, 0, 65_535).describe(
    'Port of the operations listener. 0: any free port. In development, any free port if the default is in use',
  ),
  DATA_DIR: z
    .string()
    .default('.data')
    .describe('Directory of the embedded PostgreSQL and the development secret'),
  DATABASE_URL: databaseUrl,
  DATABASE_URL_FILE: secretFile('DATABASE_URL'),
  DATABASE_POOL_MAX: count(10, 1, 1000).describe('Maximum number of database connections'),
  DATABASE_QUEUE_MAX: count(200, 0, 100_000).describe(
    'Maximum number of requests that wait for a database connection. Above it: 503',
  ),
  DATABASE_STATEMENT_TIMEOUT_MS: count(5000, 1, 600_000).describe(
    'Timeout of a statement, in milliseconds. Must be less than `REQUEST_TIMEOUT_MS`; the default is lowered to fit',
  ),
  DATABASE_PREPARED_STATEMENTS: flag
    .default(true)
    .describe(
      '`false`: for a pooler in transaction mode, such as PgBouncer. No prepared statements, and no startup parameters that it refuses',
    ),
  DATABASE_BATCHING: flag
    .default(true)
    .describe(
      '`false`: every statement of a request reads and writes the rows of one user, for databases that are distributed or partitioned by user',
    ),
  CACHE_MAX_OWNERS: count(10_000, 0, 1_000_000).describe(
    'Maximum number of users whose lists are cached in memory, about 15 kB per user. Never stale: every read checks the version. 0: no cache',
  ),
  TRASH_RETENTION_DAYS: count(30, 0, 3650).describe(
    'Days after which a deleted task is deleted for good. 0: at once, there is no trash',
  ),
  TOMBSTONE_RETENTION_DAYS: count(90, 1, 3650).describe(
    'Days for which a task that was deleted for good is remembered, for clients that follow changes. Must not be less than ' +
      '`TRASH_RETENTION_DAYS`; the default is raised to fit',
  ),
  MIGRATE_ON_START: flag
    .optional()
    .describe('Run pending migrations before listening. Unset: `true` in development, `false` in production'),
  BETTER_AUTH_SECRET: secret
    .optional()
    .describe(
      'Shared secret that signs tokens (HS256), at least 32 bytes. Production requires this or `JWKS_URL`. Both unset ' +
        'in development: a secret is generated',
    ),
  BETTER_AUTH_SECRET_FILE: secretFile('BETTER_AUTH_SECRET'),
  JWKS_URL: keySetUrl
    .optional()
    .describe(
      "URL of the issuer's public keys (JWKS); https in production. Keys are refreshed when they are used and older " +
        'than 5 minutes. A new key is found within 10 seconds. A withdrawn key is accepted for at most 10 minutes, or ' +
        'for an hour while the issuer cannot be reached',
    ),
  JWT_ALGORITHMS: algorithms
    .optional()
    .describe(
      'Accepted signature algorithms, comma-separated: HS256 for the secret, all others for the key set. Unset: HS256 ' +
        'for the secret, every other supported algorithm for the key set',
    ),
  JWT_ISSUER: z.string().optional().describe('Required `iss` claim. Unset: not checked'),
  JWT_AUDIENCE: z.string().optional().describe('Required `aud` claim. Unset: not checked'),
  TOKEN_CACHE_MAX: count(10_000, 0, 1_000_000).describe(
    'Maximum number of verified tokens that are cached, each for at most one minute. 0: every token is verified in full',
  ),
  JWT_USER_ID_CLAIMS: words
    .default(['user_id', 'sub', 'id'])
    .refine((claims) => claims.length > 0, 'must name at least one claim')
    .describe('Claims that may contain the user id, comma-separated. The first that is present is used'),
  PUBLIC_URL: publicUrl,
  CORS_ORIGINS: origins
    .optional()
    .describe(
      'Allowed origins (CORS), comma-separated, exact. Unset: none in production, else any port of `http://localhost` and `http://127.0.0.1`',
    ),
  RATE_LIMIT_MAX: count(300, 0, 1_000_000_000).describe(
    'Maximum number of requests per user and window. 0: no limit',
  ),
  RATE_LIMIT_WINDOW_SECONDS: count(60, 1, 86_400).describe('Length of the rate limit window, in seconds'),
  RATE_LIMIT_ADDRESS_MAX: wholeNumber(0, 1_000_000_000)
    .optional()
    .describe(
      'Maximum number of requests per address and window, with or without a token. 0: no limit. Unset: 4 × `RATE_LIMIT_MAX`, at least 1200; no limit if `RATE_LIMIT_MAX` is 0',
    ),
  TRUST_PROXY_HOPS: count(0, 0, 20).describe(
    'Number of proxies that append to `X-Forwarded-For`. 0: the header is ignored',
  ),
  TRUSTED_PROXIES: addressRanges
    .optional()
    .describe(
      'IPv4 and IPv6 addresses and ranges (such as 10.0.0.0/8) of proxies, comma-separated. `X-Forwarded-For` is trusted only from ' +
        'them, and `MAX_CONNECTIONS_PER_ADDRESS` does not apply to them. Unset: every peer is a proxy if ' +
        '`TRUST_PROXY_HOPS` is above 0, else none',
    ),
  REDIS_URL: redisUrl,
  REDIS_URL_FILE: secretFile('REDIS_URL'),
  REQUEST_TIMEOUT_MS: count(10_000, 10, 600_000).describe(
    'Timeout of a request, in milliseconds. After it: 504',
  ),
  MAX_CONNECTIONS: count(10_000, 1, 1_000_000).describe(
    'Maximum number of client connections. Above it: new connections are dropped. From 90 % of it, idle connections are closed to accept new ones',
  ),
  MAX_CONNECTIONS_PER_ADDRESS: count(1000, 0, 1_000_000).describe(
    'Maximum number of connections per address (IPv6: per /64), except for proxies. Above it: new connections are ' +
      'dropped. 0: no limit. Must be at most `MAX_CONNECTIONS`; the default is lowered to fit',
  ),
  EVENT_STREAMS_MAX: count(1000, 0, 1_000_000).describe(
    'Maximum number of open event streams (`GET /api/tasks/events`) on one instance. Above it: 503. They count as connections. 0: no event streams',
  ),
  MCP_ENABLED: flag
    .default(false)
    .describe(
      '`true`: serves the Model Context Protocol for AI assistants at `/mcp`. In production it requires `PUBLIC_URL`',
    ),
  SHUTDOWN_TIMEOUT_MS: count(10_000, 100, 600_000).describe(
    'Timeout of the shutdown after SIGTERM, in milliseconds. Four fifths of what is left of it after `SHUTDOWN_DELAY_MS` is for requests to finish',
  ),
  SHUTDOWN_DELAY_MS: count(0, 0, 600_000).describe(
    'Delay after SIGTERM, in milliseconds, while connections are still accepted and readiness is 503, so that load balancers stop sending requests. Must be less than `SHUTDOWN_TIMEOUT_MS`',
  ),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'must be fatal, error, warn, info, debug, trace or silent',
    })
    .default('info')
    .describe('Minimum level of log lines. `info`: one JSON line per request'),
} as const;

export const variablesSchema = z.object(variables);

/** The values of all variables, validated one by one. */
export type Variables = z.infer<typeof variablesSchema>;
