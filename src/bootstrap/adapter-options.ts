import type { Observer } from '../application/ports/observer.ts';
import {
  isLocalOrigin,
  oneOfOrigins,
  type IsAllowedOrigin,
} from '../interfaces/http/middleware/allowed-origin.ts';
import { isInRanges } from '../interfaces/http/request/address-range.ts';
import type { Settings } from '../config/settings.ts';

/** The configured origins. Unset: origins of this machine, in production none. */
export const originsOf = ({ CORS_ORIGINS, NODE_ENV }: Settings): IsAllowedOrigin =>
  CORS_ORIGINS === undefined && NODE_ENV !== 'production' ? isLocalOrigin : oneOfOrigins(CORS_ORIGINS ?? []);

/** The PG… variables that count for the database. */
export const databaseEnvironment = ({ isDatabaseEmbedded }: Pick<Settings, 'isDatabaseEmbedded'>) =>
  isDatabaseEmbedded === true ? {} : process.env;

export const databaseOptions = (settings: Settings) => ({
  url: settings.DATABASE_URL,
  environment: databaseEnvironment(settings),
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

/** Which peers are trusted proxies. Without `TRUSTED_PROXIES`: every peer if `TRUST_PROXY_HOPS` is above 0, else none. */
export const proxyOptions = ({ TRUSTED_PROXIES, TRUST_PROXY_HOPS }: Settings) => ({
  hops: TRUST_PROXY_HOPS,
  isProxy: (address: string): boolean =>
    TRUSTED_PROXIES === undefined ? TRUST_PROXY_HOPS > 0 : isInRanges(TRUSTED_PROXIES, address),
});
