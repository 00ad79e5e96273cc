import type { IncomingMessage } from 'node:http';
import { isIPv4, type Socket } from 'node:net';
import { parseAddress } from './address-range.ts';

/** The proxies whose X-Forwarded-For is trusted. */
export interface Proxies {
  /** The number of proxies in front of the service; each one adds an entry to X-Forwarded-For. */
  readonly hops: number;
  /** Whether this is the address of a proxy. */
  readonly isProxy: (address: string) => boolean;
}

/**
 * The client address for the rate limit. Every proxy appends the address of its peer to X-Forwarded-For, so the nth entry
 * from the right was written by the nth trusted proxy; entries to the left of it can be forged by the client. An entry that
 * is not an address is skipped, in favor of the next one to the right. The field is read only if the peer is a proxy.
 */
export const clientAddress = ({ socket, headers }: IncomingMessage, { hops, isProxy }: Proxies): string => {
  const forwarded = hops > 0 ? headers['x-forwarded-for'] : undefined;
  if (forwarded === undefined || !isProxy(socket.remoteAddress ?? '')) return peerKey(socket);
  for (const entry of lastEntries(String(forwarded), hops)) {
    const address = addressKey(entry.trim());
    if (address !== null) return address;
  }
  return peerKey(socket);
};

const peerKeys = new WeakMap<Socket, string>();

/** The {@link addressKey} of the client or proxy that is connected; computed once for each connection. */
export const peerKey = (socket: Socket): string => {
  const known = peerKeys.get(socket);
  if (known !== undefined) return known;
  const key = addressKey(socket.remoteAddress ?? '') ?? 'unknown';
  peerKeys.set(socket, key);
  return key;
};

/**
 * The rate limit key of an address: an IPv4 address itself, or the /64 network of an IPv6 address, the smallest network that
 * providers assign to a customer. IPv4-mapped IPv6 is IPv4; a port is ignored. Null if the text is not an address.
 */
export const addressKey = (text: string): string | null => {
  if (isIPv4(text)) return text; // the usual case, without an object
  const address = parseAddress(withoutPort(text));
  if (address === null) return null;
  if (!('parts' in address)) return address.toString();
  const network = address.parts.slice(0, 4).map((part) => part.toString(16));
  return `${network.join(':')}::/64`;
};

/** The last entries of a comma-separated list, in order; the rest of the list is not parsed. */
const lastEntries = (list: string, count: number): readonly string[] => {
  let start = list.length;
  for (let found = 0; found < count && start >= 0; found += 1) start = list.lastIndexOf(',', start - 1);
  return list.slice(start + 1).split(',');
};

/** Some proxies write the port too: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
const withoutPort = (text: string): string => {
  const bracket = text.startsWith('[') ? text.indexOf(']') : -1;
  if (bracket > 0 && isPortOrNothing(text.slice(bracket + 1))) return text.slice(1, bracket);
  const colon = text.indexOf(':');
  return colon > 0 && text.includes('.') && isPortOrNothing(text.slice(colon)) ? text.slice(0, colon) : text;
};

const isPortOrNothing = (text: string): boolean => /^(?::\d{1,5})?$/.test(text);
