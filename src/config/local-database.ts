/**
 * Whether a connection string is for a PostgreSQL on this machine: `localhost`, a loopback address, or the folder of a
 * Unix socket. A string that cannot be parsed, such as one with several hosts, counts as another machine.
 */
export const isLocalDatabase = (connectionString: string): boolean => {
  const url = URL.parse(connectionString);
  if (url === null) return false;
  const host = url.searchParams.get('host') ?? decoded(url.hostname);
  return host === '' || host.startsWith('/') || /^(localhost|127(\.\d+){3}|\[?::1\]?)$/i.test(host);
};

/** The text as it is where an escape in it is broken. */
const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
