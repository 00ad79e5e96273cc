import { expect } from 'chai';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { clientAddress } from '../../src/interfaces/http/client-address.ts';

const request = (peer: string | undefined, forwarded?: string): IncomingMessage => {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: peer });
  const message = new IncomingMessage(socket);
  if (forwarded !== undefined) message.headers['x-forwarded-for'] = forwarded;
  return message;
};

describe('clientAddress', () => {
  it('is the address of the peer where no proxy is believed, whatever a header says', () => {
    expect(clientAddress(request('192.0.2.1', '203.0.113.9'), 0)).to.equal('192.0.2.1');
    expect(clientAddress(request('192.0.2.1'), 3)).to.equal('192.0.2.1');
    expect(clientAddress(request(undefined), 0)).to.equal('unknown');
  });

  it('counts believed proxies from the right, so that what a client makes up is out of reach', () => {
    const forged = '198.51.100.1, 203.0.113.9,10.0.0.2';
    expect(clientAddress(request('10.0.0.1', forged), 1)).to.equal('10.0.0.2');
    expect(clientAddress(request('10.0.0.1', forged), 2)).to.equal('203.0.113.9');
    expect(clientAddress(request('10.0.0.1', forged), 3)).to.equal('198.51.100.1');
    expect(clientAddress(request('10.0.0.1', forged), 9)).to.equal('198.51.100.1');
  });

  it('passes over what is no address, towards the proxies', () => {
    expect(clientAddress(request('10.0.0.1', 'unknown, 10.0.0.2'), 2)).to.equal('10.0.0.2');
    expect(clientAddress(request('10.0.0.1', ', ,x'), 2)).to.equal('10.0.0.1');
    expect(clientAddress(request('10.0.0.1', ''), 1)).to.equal('10.0.0.1');
  });

  for (const [given, expected] of [
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
    it(`takes ${given} for ${expected}`, () => {
      expect(clientAddress(request(given), 0)).to.equal(expected);
      expect(clientAddress(request('10.0.0.1', given), 1)).to.equal(expected);
    });
  }
});
