import type { IncomingMessage } from 'node:http';
import { isIP, isIPv4 } from 'node:net';

/**
 * The address a request is counted for. Every proxy appends the address of its own peer to X-Forwarded-For, so the nth
 * entry from the right, the socket's own address being number 0, was written by the nth proxy of ours; whatever is to
 * the left of it anyone may have made up. What is no address is passed over, towards the proxies that are believed.
 */
export const clientAddress = (request: IncomingMessage, hops: number): string => {
  const peer = request.socket.remoteAddress ?? '';
  const forwarded = hops > 0 ? request.headers['x-forwarded-for'] : undefined;
  if (forwarded === undefined) return normalize(peer) ?? 'unknown';
  const chain = [...String(forwarded).split(','), peer];
  for (const entry of chain.slice(Math.max(0, chain.length - 1 - hops))) {
    const address = normalize(entry.trim());
    if (address !== null) return address;
  }
  return 'unknown';
};

const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const withPort = /^(?:(\d+\.\d+\.\d+\.\d+)|\[([^\]]+)\])(?::\d+)?$/;

/** One spelling for each IPv4 address and each IPv6 network of 64 bits, the smallest that a customer is given. */
const normalize = (text: string): string | null => {
  if (isIPv4(text)) return text;
  const bare = withPort.exec(text);
  const address = bare?.[1] ?? bare?.[2] ?? text;
  const version4 = mapped.exec(address)?.[1] ?? address;
  if (isIPv4(version4)) return version4;
  return isIP(address) === 6 ? network(address) : null;
};

const network = (address: string): string => {
  const spelled = new URL(`http://[${address.split('%')[0] ?? ''}]`).hostname.slice(1, -1);
  const [head = '', tail] = spelled.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  const [sixth = '', seventh = '', eighth = ''] = groups.slice(5);
  if (sixth === 'ffff' && groups.slice(0, 5).every((group) => group === '0')) return dotted(seventh, eighth);
  return `${groups.slice(0, 4).join(':')}::/64`;
};

/** An IPv4 address that IPv6 carries in its last two groups. */
const dotted = (...groups: readonly string[]): string =>
  groups
    .map((group) => Number.parseInt(group, 16))
    .map((value) => `${value >> 8}.${value & 255}`)
    .join('.');
