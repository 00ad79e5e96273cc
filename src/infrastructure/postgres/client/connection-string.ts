import type { ConnectionOptions } from 'node:tls';
import { parse } from 'pg-connection-string';

/**
 * The connection string for node-postgres. With TLS the certificate of the server is always checked;
 * node-postgres would do the same, but for all words other than `verify-full` with a warning at every start.
 */
export const withCheckedTls = (databaseUrl: string): string => {
  const url = new URL(databaseUrl);
  const mode = url.searchParams.get('sslmode') ?? '';
  if (['prefer', 'require', 'verify-ca'].includes(mode)) url.searchParams.set('sslmode', 'verify-full');
  return url.href;
};

/**
 * The same for Slonik, which does not support `verify-full` and drops `sslrootcert`: the URL without the TLS parameters, and
 * the TLS options. Null: no TLS.
 */
export const splitTls = (
  databaseUrl: string,
): { readonly url: string; readonly tls: ConnectionOptions | null } => {
  const { ssl } = parse(withCheckedTls(databaseUrl));
  const url = new URL(databaseUrl);
  const others = [...url.searchParams].filter(([name]) => !name.startsWith('ssl'));
  if (others.length < url.searchParams.size) url.search = String(new URLSearchParams(others));
  return { url: url.href, tls: typeof ssl === 'object' ? toOptions(ssl) : ssl === true ? {} : null };
};

const toOptions = ({ ca, cert, key, rejectUnauthorized = true }: TlsPart): ConnectionOptions => ({
  rejectUnauthorized,
  ...(ca ? { ca } : {}),
  ...(cert && key ? { cert, key } : {}),
});

type TlsPart = Exclude<ReturnType<typeof parse>['ssl'], boolean | string | undefined>;
