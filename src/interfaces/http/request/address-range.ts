import ipaddr from 'ipaddr.js';
import { isIP, isIPv4 } from 'node:net';

type Address = ReturnType<typeof ipaddr.parse>;

/** A range of addresses in CIDR notation (RFC 4632, RFC 4291), of IPv4 or of IPv6. */
export interface AddressRange {
  readonly network: Address;
  readonly prefixLength: number;
}

/** `192.0.2.7`, `10.0.0.0/8`, `2001:db8::/32`; null for anything else. IPv4 in IPv6 (`::ffff:10.0.0.0/104`) is IPv4. */
export const parseRange = (text: string): AddressRange | null => {
  const [address = '', length, ...rest] = text.split('/');
  const parsed = address.includes('%') ? null : parseAddress(address);
  if (parsed === null || rest.length > 0) return null;
  const bits = isIP(address) === 4 ? 32 : 128;
  const given = length === undefined ? bits : /^\d{1,3}$/.test(length) ? Number(length) : bits + 1;
  const prefixLength = parsed.kind() === 'ipv4' ? given - bits + 32 : given;
  return given > bits || prefixLength < 0 ? null : { network: parsed, prefixLength };
};

/** A function that returns whether one of the ranges contains an address; `all`: for every address. */
export const addressMatcher = (ranges: readonly AddressRange[] | 'all'): ((address: string) => boolean) =>
  ranges === 'all' ? () => true : (address) => isInRanges(ranges, address);

/** Whether one of the ranges contains this address. */
export const isInRanges = (ranges: readonly AddressRange[], address: string): boolean => {
  const parsed = parseAddress(address);
  return (
    parsed !== null &&
    ranges.some(
      ({ network, prefixLength }) => network.kind() === parsed.kind() && parsed.match(network, prefixLength),
    )
  );
};

/** An IPv4 address, or an IPv6 address without its zone id; IPv4 in IPv6 is IPv4. Null if the text is neither. */
export const parseAddress = (text: string): Address | null => {
  if (isIP(text) === 0) return null;
  // ipaddr.js takes the deprecated `::192.0.2.1` for IPv4 (RFC 4291, section 2.5.5.1), which no network routes.
  if (text.startsWith('::') && isIPv4(text.slice(2))) return null;
  return ipaddr.process(text.split('%')[0] ?? '');
};
