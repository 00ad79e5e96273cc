import { expect } from 'chai';
import {
  splitTls,
  withCheckedTls,
} from '../../../../src/infrastructure/postgres/client/connection-string.ts';

const plain = 'postgres://ada:s%20ecret@db.example:5433/tasks';

describe('splitTls', () => {
  for (const query of ['', '?sslmode=disable', '?ssl=false'])
    it(`finds no TLS in ${query || 'a bare string'}`, () => {
      expect(splitTls(plain + query)).to.deep.equal({ url: plain, tls: null });
    });

  for (const query of ['sslmode=prefer', 'sslmode=require', 'sslmode=verify-ca', 'sslmode=verify-full'])
    it(`has the certificate checked: ${query}`, () => {
      expect(splitTls(`${plain}?${query}`)).to.deep.equal({ url: plain, tls: { rejectUnauthorized: true } });
    });

  it('has no certificate checked where that is wanted', () => {
    expect(splitTls(`${plain}?sslmode=no-verify`).tls).to.deep.equal({ rejectUnauthorized: false });
  });

  it('takes ?ssl=true for TLS with a checked certificate', () => {
    expect(splitTls(`${plain}?ssl=true`)).to.deep.equal({ url: plain, tls: {} });
  });

  it('leaves everything else where it is', () => {
    expect(splitTls(`${plain}?sslmode=require&channel_binding=require&application_name=x`).url).to.equal(
      `${plain}?channel_binding=require&application_name=x`,
    );
  });
});

describe('withCheckedTls', () => {
  it('says so in the one word that node-postgres takes without a warning', () => {
    expect(withCheckedTls(`${plain}?sslmode=require`)).to.equal(`${plain}?sslmode=verify-full`);
  });

  for (const query of ['', '?sslmode=disable', '?sslmode=no-verify', '?sslmode=verify-full'])
    it(`changes nothing else: ${query || 'a bare string'}`, () => {
      expect(withCheckedTls(plain + query)).to.equal(plain + query);
    });
});
