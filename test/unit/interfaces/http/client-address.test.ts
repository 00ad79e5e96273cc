import { expect } from 'chai';
import * as fc from 'fast-check';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import {
  addressKey,
  clientAddress as addressOf,
} from '../../../../src/interfaces/http/request/client-address.ts';

const request = (peer: string | undefined, forwarded?: string): IncomingMessage => {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: peer });
  const message = new IncomingMessage(socket);
  if (forwarded !== undefined) message.headers['x-forwarded-for'] = forwarded;
  return message;
};

const clientAddress = (from: IncomingMessage, hops: number, isProxy = (_address: string) => true): string =>
  addressOf(from, { hops, isProxy });

describe('clientAddress', () => {
  it('given no trusted proxy: the address of the peer, whatever X-Forwarded-For contains', () => {
    expect(clientAddress(request('192.0.2.1', '203.0.113.9'), 0)).to.equal('192.0.2.1');
    expect(clientAddress(request('192.0.2.1'), 3)).to.equal('192.0.2.1');
    expect(clientAddress(request(undefined), 0)).to.equal('unknown');
  });

  it('given trusted proxies: counts hops from the right, so that entries of the client do not count', () => {
    const forged = '198.51.100.1, 203.0.113.9,10.0.0.2';
    expect(clientAddress(request('10.0.0.1', forged), 1)).to.equal('10.0.0.2');
    expect(clientAddress(request('10.0.0.1', forged), 2)).to.equal('203.0.113.9');
    expect(clientAddress(request('10.0.0.1', forged), 3)).to.equal('198.51.100.1');
    expect(clientAddress(request('10.0.0.1', forged), 9)).to.equal('198.51.100.1');
  });

  it('given an invalid entry: the next one to the right, or the peer', () => {
    expect(clientAddress(request('10.0.0.1', 'unknown, 10.0.0.2'), 2)).to.equal('10.0.0.2');
    expect(clientAddress(request('10.0.0.1', ', ,x'), 2)).to.equal('10.0.0.1');
    expect(clientAddress(request('10.0.0.1', ''), 1)).to.equal('10.0.0.1');
  });

  it('given a peer that is not a trusted proxy: ignores X-Forwarded-For', () => {
    const isProxy = (address: string): boolean => address === '10.0.0.1';
    expect(clientAddress(request('10.0.0.1', '203.0.113.9'), 1, isProxy)).to.equal('203.0.113.9');
    expect(clientAddress(request('10.0.0.2', '203.0.113.9'), 1, isProxy)).to.equal('10.0.0.2');
    expect(clientAddress(request(undefined, '203.0.113.9'), 1, isProxy)).to.equal('unknown');
  });

  it('given a long X-Forwarded-For: parses only the entries of the proxies', () => {
    const long = `${'198.51.100.1,'.repeat(1_000)}203.0.113.9`;
    expect(clientAddress(request('10.0.0.1', long), 1)).to.equal('203.0.113.9');
    expect(clientAddress(request('10.0.0.1', long), 2)).to.equal('198.51.100.1');
    for (const garbage of ['1', ':', '[', '1.', '::', '%', 'f:', ' ', ',', ', ', '1:1.'])
      expect(clientAddress(request('10.0.0.1', garbage.repeat(8_000)), 3), garbage).to.equal('10.0.0.1');
  });

  for (const garbage of [
    '127.1',
    '0x7f.0.0.1',
    '010.0.0.1',
    '2130706433',
    '256.0.0.1',
    '1.2.3.4.5',
    '203.0.113.9:',
    '203.0.113.9:http',
    '203.0.113.9:123456',
    '[203.0.113.9',
    '[2001:db8::1]x',
    '[2001:db8::1]:',
    '2001:db8:::1',
    '2001:db8::1::2',
    '1:2:3:4:5:6:7:8:9',
    '2001:db8::g',
    'fe80::1%',
    '10.0.0.0/8',
    'localhost',
    '::203.0.113.9',
  ]) {
    it(`given ${garbage}: not an address`, () => {
      expect(addressKey(garbage)).to.equal(null);
      expect(clientAddress(request('10.0.0.1', garbage), 1)).to.equal('10.0.0.1');
    });
  }

  it('given any IPv6 address: its key is the first 64 bits', () => {
    const group = fc.integer({ min: 0, max: 0xffff });
    const property = fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      fc.pre(groups.slice(0, 5).some((value) => value !== 0)); // excludes IPv4-mapped addresses
      const hex = groups.map((value) => value.toString(16));
      const expected = `${hex.slice(0, 4).join(':')}::/64`;
      for (const text of [hex.join(':'), hex.map((part) => part.padStart(4, '0').toUpperCase()).join(':')])
        expect(addressKey(text)).to.equal(expected);
    });
    fc.assert(property);
  });

  for (const [given, expected] of [
    ['203.0.113.9', '203.0.113.9'],
    ['[203.0.113.9]', '203.0.113.9'],
    ['[::ffff:203.0.113.9]:80', '203.0.113.9'],
    ['64:ff9b::203.0.113.9', '64:ff9b:0:0::/64'],
    ['fe80:0:0:1::1%eth0.100', 'fe80:0:0:1::/64'],
    ['[fe80:0:0:1::1%25]:4711', 'fe80:0:0:1::/64'],
    ['203.0.113.9:4711', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['::FFFF:203.0.113.9', '203.0.113.9'],
    ['::ffff:cb00:7109', '203.0.113.9'],
    ['0:0:0:0:0:ffff:cb00:7109', '203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::1]:4711', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
  ] as const) {
    it(`given ${given}: ${expected}`, () => {
      expect(clientAddress(request(given), 0)).to.equal(expected);
      expect(clientAddress(request('10.0.0.1', given), 1)).to.equal(expected);
    });
  }
});
