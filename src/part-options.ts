import type { Observer } from './application/ports/observer.ts';
import { developmentOrigins } from './config.ts';
import type { Settings } from './settings.ts';

export const originsOf = (settings: Settings): readonly string[] =>
  settings.CORS_ORIGINS ?? (settings.NODE_ENV === 'production' ? [] : developmentOrigins);

export const databaseOptions = (settings: Settings) => ({
  url: settings.DATABASE_URL,
  poolMax: settings.DATABASE_POOL_MAX,
  queueMax: settings.DATABASE_QUEUE_MAX,
  statementTimeoutMs: settings.DATABASE_STATEMENT_TIMEOUT_MS,
  preparedStatements: settings.DATABASE_PREPARED_STATEMENTS,
});

export const tokenOptions = (settings: Settings, observe: Observer) => ({
  secret: settings.BETTER_AUTH_SECRET,
  keySetUrl: settings.JWKS_URL,
  algorithms: settings.JWT_ALGORITHMS,
  issuer: settings.JWT_ISSUER,
  audience: settings.JWT_AUDIENCE,
  userIdClaims: settings.JWT_USER_ID_CLAIMS,
  keysNotFetched: (error: unknown) => observe({ type: 'keys_not_fetched', error }),
});
