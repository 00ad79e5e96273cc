import { expect } from 'chai';
import {
  isInRanges,
  parseRange,
  type AddressRange,
} from '../../../../src/interfaces/http/request/address-range.ts';

const ranges = (...texts: readonly string[]): readonly AddressRange[] =>
  texts.flatMap((text) => parseRange(text) ?? []);

describe('address ranges', () => {
  for (const [range, inside, outside] of [
    ['192.0.2.7', ['192.0.2.7', '::ffff:192.0.2.7'], ['192.0.2.8', '::192.0.2.7', '::1']],
    ['10.0.0.0/8', ['10.0.0.0', '10.255.255.255', '::ffff:a01:203'], ['11.0.0.0', '9.255.255.255']],
    ['10.1.2.3/8', ['10.0.0.0', '10.255.255.255'], ['11.0.0.0']],
    ['0.0.0.0/0', ['0.0.0.0', '255.255.255.255'], ['::1']],
    ['::/0', ['::1', '2001:db8::1'], ['192.0.2.7', '::ffff:192.0.2.7']],
    ['2001:db8::/32', ['2001:db8::1', '2001:DB8:ffff::'], ['2001:db9::1', '192.0.2.7']],
    ['fe80::/10', ['fe80::1', 'febf::1%eth0'], ['fec0::1']],
    ['::1', ['::1', '0:0:0:0:0:0:0:1'], ['::2', '127.0.0.1']],
    ['::ffff:10.0.0.0/104', ['10.1.2.3', '::ffff:10.1.2.3'], ['11.0.0.0', '::10.1.2.3']],
  ] as const) {
    it(`given ${range}: contains its addresses and no others`, () => {
      expect(ranges(range)).to.have.length(1);
      for (const address of inside) expect(isInRanges(ranges(range), address), address).to.be.true;
      for (const address of [...outside, '', 'localhost', '10.1'])
        expect(isInRanges(ranges(range), address), address).to.be.false;
    });
  }

  it('given several ranges: an address has to be in one of them', () => {
    const several = ranges('192.0.2.0/24', '2001:db8::/32');
    for (const address of ['192.0.2.1', '2001:db8::1']) expect(isInRanges(several, address)).to.be.true;
    expect(isInRanges(several, '192.0.3.1')).to.be.false;
    expect(isInRanges([], '192.0.2.1')).to.be.false;
  });

  for (const text of [
    '',
    '/',
    '/8',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0.0/ 8',
    '10.0.0.0/255.0.0.0',
    '10.0.0.0/1e1',
    '10/8',
    '10.0.0.0-10.0.0.9',
    '10.0.0.*',
    '2001:db8::/129',
    '::ffff:10.0.0.0/8',
    'fe80::1%eth0',
    '[::1]',
    '10.0.0.1:80',
    'localhost',
  ]) {
    it(`given ${JSON.stringify(text)}: not a range`, () => {
      expect(parseRange(text)).to.equal(null);
    });
  }
});
