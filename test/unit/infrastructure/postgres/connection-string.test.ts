import { expect } from 'chai';
import {
  splitTls,
  withCheckedTls,
} from '../../../../src/infrastructure/postgres/client/connection-string.ts';

const plain = 'postgres://ada:s%20ecret@db.example:5433/tasks';

describe('splitTls', () => {
  for (const query of ['', '?sslmode=disable', '?ssl=false'])
    it(`given ${query || 'no parameters'}: no TLS`, () => {
      expect(splitTls(plain + query)).to.deep.equal({ url: plain, tls: null });
    });

  for (const query of ['sslmode=prefer', 'sslmode=require', 'sslmode=verify-ca', 'sslmode=verify-full'])
    it(`given ${query}: the certificate is checked`, () => {
      expect(splitTls(`${plain}?${query}`)).to.deep.equal({ url: plain, tls: { rejectUnauthorized: true } });
    });

  it('given sslmode=no-verify: the certificate is not checked', () => {
    expect(splitTls(`${plain}?sslmode=no-verify`).tls).to.deep.equal({ rejectUnauthorized: false });
  });

  it('given ssl=true: TLS with a checked certificate', () => {
    expect(splitTls(`${plain}?ssl=true`)).to.deep.equal({ url: plain, tls: {} });
  });

  it('given other parameters: keeps them in the URL', () => {
    expect(splitTls(`${plain}?sslmode=require&channel_binding=require&application_name=x`).url).to.equal(
      `${plain}?channel_binding=require&application_name=x`,
    );
  });
});

describe('withCheckedTls', () => {
  it('given sslmode=require: returns verify-full, which node-postgres accepts without a warning', () => {
    expect(withCheckedTls(`${plain}?sslmode=require`)).to.equal(`${plain}?sslmode=verify-full`);
  });

  for (const query of ['', '?sslmode=disable', '?sslmode=no-verify', '?sslmode=verify-full'])
    it(`given ${query || 'no parameters'}: returns it unchanged`, () => {
      expect(withCheckedTls(plain + query)).to.equal(plain + query);
    });
});
