/** The content of a connection URI: parameters by their names in libpq, and what is wrong with it. Never contains values. */
interface ConnectionUri {
  readonly parameters: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
}

const scheme = /^postgres(?:ql)?:\/\//i;

/**
 * Splits a URI in any form of libpq: several hosts, IPv6, a socket directory, empty parts.
 * https://www.postgresql.org/docs/18/libpq-connect.html#LIBPQ-CONNSTRING-URIS
 */
export const parseConnectionUri = (uri: string): ConnectionUri => {
  const parameters = new Map<string, string>();
  const problems = new Set<string>();
  const set = (name: string, text: string): void => {
    const value = decode(text);
    if (value === null) problems.add(`has a ${name} that is not percent-encoded UTF-8`);
    else if (value !== '') parameters.set(name, value);
  };

  const [prefix] = scheme.exec(uri) ?? [];
  if (prefix === undefined) return { parameters, problems: ['must be a postgres:// URL'] };
  const rest = uri.slice(prefix.length);
  const userEnd = endOfUser(rest);
  if (userEnd >= 0) {
    const [user, password] = cut(rest.slice(0, userEnd), ':');
    set('user', user);
    set('password', password ?? '');
  }
  const location = rest.slice(userEnd + 1);
  const hostsEnd = location.search(/[/?]/);
  const hosts = readHosts(hostsEnd < 0 ? location : location.slice(0, hostsEnd));
  if (hosts === null) problems.add('has a host or a port that cannot be read');
  set('host', hosts?.host ?? '');
  set('port', hosts?.port ?? '');

  const [path, query] = hostsEnd < 0 ? [''] : cut(location.slice(hostsEnd), '?');
  set('dbname', path.slice(1));
  if (userEnd < 0 && query?.includes('@') === true)
    return { parameters, problems: ['has an @ behind a question mark: percent-encode the password'] };
  for (const pair of (query ?? '').split('&').filter((text) => text !== '')) {
    const [name, value] = cut(pair, '=');
    const known = decode(name) ?? name;
    // libpq: a later parameter replaces an earlier one, and what stands before the question mark.
    parameters.delete(known);
    if (value === undefined) problems.add(`has the parameter ${printable(known)} without a value`);
    else set(known, value);
  }
  return { parameters, problems: [...problems] };
};

/** A name from a URI, for a message. */
export const printable = (name: string): string => name.replace(/[^\w.-]/g, '?').slice(0, 40);

/** The index of the `@` after user and password; -1 without them. A password may contain `@`, `?` and `#`. */
const endOfUser = (rest: string): number => {
  const slash = rest.indexOf('/');
  const head = slash < 0 ? rest : rest.slice(0, slash);
  const first = head.indexOf('@');
  const question = head.indexOf('?', first);
  return head.lastIndexOf('@', question < 0 ? undefined : question);
};

const cut = (text: string, separator: string): [before: string, after?: string] => {
  const index = text.indexOf(separator);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)];
};

/** `host`, `host:port`, `[IPv6]:port` or `:port`. */
const oneHost = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::([^:]*))?$/;

/** Lists with commas, as libpq's parameters `host` and `port` have them. Null: cannot be read. */
const readHosts = (text: string): { host: string; port: string } | null => {
  const found = text.split(',').map((one) => oneHost.exec(one));
  if (found.includes(null)) return null;
  const hosts = found.map((match) => match?.[1] ?? match?.[2] ?? '');
  const ports = found.map((match) => match?.[3] ?? '');
  return {
    host: hosts.join(','),
    port: ports.some((port) => port !== '') ? ports.join(',') : '',
  };
};

/** Decodes percent-encoding alone: unlike in a form, `+` stands for itself. Null where it is not valid UTF-8. */
const decode = (text: string): string | null => {
  try {
    const value = decodeURIComponent(text);
    return value.includes('\0') ? null : value;
  } catch {
    return null;
  }
};
