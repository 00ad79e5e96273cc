import { readLibpqValues } from './environment-values.ts';
import { exportsTraces } from './tracing-config.ts';
import { defaultOperationsPort, type Variables } from './variables.ts';

/**
 * What the environment variables mean. Every setting that depends on `NODE_ENV` is decided here; what production requires or
 * refuses is checked in `load-settings.ts` and `token-config.ts`.
 */
export type Settings = ReturnType<typeof toSettings>;

/** Settings with a database. In development they name the embedded PostgreSQL, and the generated secret. */
export interface CompleteSettings extends Settings {
  readonly database: DatabaseSettings & { readonly url: string };
}

export interface DatabaseSettings {
  /** Undefined: the embedded PostgreSQL. */
  readonly url: string | undefined;
  /** The `PG…` variables that count: for the embedded PostgreSQL none, they are meant for other servers. */
  readonly environment: NodeJS.ProcessEnv;
  readonly poolMax: number;
  readonly queueMax: number;
  readonly statementTimeoutMs: number;
  readonly preparedStatements: boolean;
  readonly batching: boolean;
  readonly migratesOnStart: boolean;
  readonly allowsSuperuser: boolean;
}

/** Translates the variables to settings, whose names carry their units. */
export const toSettings = (values: Variables, environment: NodeJS.ProcessEnv) => {
  const isProduction = values.NODE_ENV === 'production';
  const isDevelopment = values.NODE_ENV === 'development';
  return {
    api: { host: values.HOST, port: values.PORT },
    operations: {
      host: values.OPS_HOST,
      port: values.OPS_PORT,
      /** A developer may run several services on one machine. A port that was chosen is never replaced. */
      orAnyPort: isDevelopment && values.OPS_PORT === defaultOperationsPort,
    },
    printsBanner: isDevelopment,
    /** Whether SIGUSR1 may start Node's debugger. */
    allowsDebugger: !isProduction,
    /**
     * Whether `/docs` sends requests as the user `demo`. Only with the secret that the service generates for itself: a configured
     * secret or key set may be that of an app with real users, and behind a public URL there are other people.
     */
    authorizesDocs:
      isDevelopment &&
      values.BETTER_AUTH_SECRET === undefined &&
      values.JWKS_URL === undefined &&
      values.PUBLIC_URL === undefined,
    dataDir: values.DATA_DIR,
    database: toDatabaseSettings(values, environment, isProduction),
    hasTrash: values.TRASH_RETENTION_DAYS > 0,
    retention: { trashDays: values.TRASH_RETENTION_DAYS, tombstoneDays: values.TOMBSTONE_RETENTION_DAYS },
    cacheMaxUsers: values.CACHE_MAX_OWNERS,
    tokens: {
      secret: values.BETTER_AUTH_SECRET,
      keySetUrl: values.JWKS_URL,
      algorithms: values.JWT_ALGORITHMS,
      issuer: values.JWT_ISSUER,
      /** Where clients sign in; undefined where the issuer is unknown, or its name is no URL. */
      issuerUrl: /^https?:\/\//.test(values.JWT_ISSUER ?? '') ? values.JWT_ISSUER : undefined,
      audience: values.JWT_AUDIENCE,
      userIdClaims: values.JWT_USER_ID_CLAIMS,
      cacheMax: values.TOKEN_CACHE_MAX,
      /** Whether `npm run token` creates tokens. In production only the issuer does. */
      canBeCreated: !isProduction,
    },
    mcpEnabled: values.MCP_ENABLED,
    publicUrl: values.PUBLIC_URL,
    allowedOrigins: values.CORS_ORIGINS ?? (isProduction ? [] : 'local'),
    rateLimits: {
      windowSeconds: values.RATE_LIMIT_WINDOW_SECONDS,
      /** 0: no limit. */
      maxPerUser: values.RATE_LIMIT_MAX,
      /** 0: no limit. The default is higher than the limit for users, because several users can share an address. */
      maxPerAddress:
        values.RATE_LIMIT_ADDRESS_MAX ??
        (values.RATE_LIMIT_MAX === 0 ? 0 : Math.max(1200, 4 * values.RATE_LIMIT_MAX)),
    },
    proxies: {
      hops: values.TRUST_PROXY_HOPS,
      trusted: values.TRUSTED_PROXIES ?? (values.TRUST_PROXY_HOPS > 0 ? 'all' : []),
    },
    redisUrl: values.REDIS_URL,
    requestTimeoutMs: values.REQUEST_TIMEOUT_MS,
    maxConnections: values.MAX_CONNECTIONS,
    /** 0: no limit. */
    maxConnectionsPerAddress: values.MAX_CONNECTIONS_PER_ADDRESS,
    eventStreamsMax: values.EVENT_STREAMS_MAX,
    shutdown: { timeoutMs: values.SHUTDOWN_TIMEOUT_MS, delayMs: values.SHUTDOWN_DELAY_MS },
    logLevel: values.LOG_LEVEL,
    exportsTraces: exportsTraces(environment),
  } as const;
};

const toDatabaseSettings = (
  values: Variables,
  environment: NodeJS.ProcessEnv,
  isProduction: boolean,
): DatabaseSettings => ({
  url: values.DATABASE_URL,
  environment: values.DATABASE_URL === undefined ? {} : readLibpqValues(environment).values,
  poolMax: values.DATABASE_POOL_MAX,
  queueMax: values.DATABASE_QUEUE_MAX,
  statementTimeoutMs: values.DATABASE_STATEMENT_TIMEOUT_MS,
  preparedStatements: values.DATABASE_PREPARED_STATEMENTS,
  batching: values.DATABASE_BATCHING,
  migratesOnStart: values.MIGRATE_ON_START ?? !isProduction,
  allowsSuperuser: !isProduction,
});
