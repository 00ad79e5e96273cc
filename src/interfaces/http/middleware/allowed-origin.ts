/** Whether pages of an origin, the value of an `Origin` header (RFC 6454, section 7), may call the API. */
export type IsAllowedOrigin = (origin: string) => boolean;

/** Allows the origins of a list, or those of this machine. */
export const allowedOrigins = (origins: readonly string[] | 'local'): IsAllowedOrigin =>
  origins === 'local' ? isLocalOrigin : oneOfOrigins(origins);

/** Allows these origins and no others, compared as text. */
export const oneOfOrigins = (origins: readonly string[]): IsAllowedOrigin => {
  const allowed = new Set(origins);
  return (origin) => allowed.has(origin);
};

const localHosts = new Set(['localhost', '127.0.0.1']);

/**
 * Allows `http://localhost` and `http://127.0.0.1` on any port: for development alone, since every program of the
 * machine can serve such a page. The origin must be spelled as browsers spell it, so `http://localhost:80` is refused.
 */
export const isLocalOrigin: IsAllowedOrigin = (origin) => {
  const url = URL.parse(origin);
  return url?.origin === origin && url.protocol === 'http:' && localHosts.has(url.hostname);
};
