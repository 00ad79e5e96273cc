import { expect } from 'chai';
import { isLocalOrigin, oneOfOrigins } from '../../../../src/interfaces/http/middleware/allowed-origin.ts';

describe('isLocalOrigin', () => {
  for (const origin of [
    'http://localhost',
    'http://localhost:1',
    'http://localhost:3000',
    'http://localhost:5173',
    'http://localhost:65535',
    'http://127.0.0.1',
    'http://127.0.0.1:8080',
  ])
    it(`given ${origin}: allows it`, () => {
      expect(isLocalOrigin(origin)).to.equal(true);
    });

  for (const origin of [
    '',
    'null',
    '*',
    'localhost',
    'localhost:3000',
    '//localhost:3000',
    'https://localhost',
    'https://localhost:3000',
    'ws://localhost:3000',
    'file://localhost',
    'http://[::1]',
    'http://[::1]:3000',
    'http://[::ffff:127.0.0.1]:3000',
    'http://0.0.0.0:3000',
    'http://127.0.0.2:3000',
    'http://127.1:3000',
    'http://2130706433:3000',
    'http://0x7f.0.0.1:3000',
    'http://localhost.:3000',
    'http://localhost.evil',
    'http://localhost.evil:3000',
    'http://127.0.0.1.evil',
    'http://127.0.0.1.evil:3000',
    'http://evil-localhost:3000',
    'http://sub.localhost:3000',
    'http://evil.example.com',
    'http://evil.example.com#http://localhost:3000',
    'http://evil.example.com/?http://localhost:3000',
    'http://localhost:3000@evil.example.com',
    'http://localhost@evil.example.com:3000',
    'http://me@localhost:3000',
    'http://localhost:3000/',
    'http://localhost:3000/app',
    'http://localhost:3000?x',
    'http://localhost:3000#x',
    'http://localhost:',
    'http://localhost:80',
    'http://localhost:0080',
    'http://localhost:03000',
    'http://localhost:65536',
    'http://localhost:-1',
    'http://localhost:3000x',
    'http://localhost:3000, http://localhost:3001',
    'http://localhost:3000 http://localhost:3001',
    ' http://localhost:3000',
    'http://localhost:3000 ',
    'http://localhost\t:3000',
    'http:localhost:3000',
    'http:\\\\localhost:3000',
    'HTTP://localhost:3000',
    'http://LOCALHOST:3000',
    'http://ⓛocalhost:3000',
  ])
    it(`given ${JSON.stringify(origin)}: refuses it`, () => {
      expect(isLocalOrigin(origin)).to.equal(false);
    });
});

describe('oneOfOrigins', () => {
  const isAllowed = oneOfOrigins(['https://app.example.com', 'http://localhost:4000']);

  it('given a configured origin: allows it', () => {
    expect(isAllowed('https://app.example.com')).to.equal(true);
    expect(isAllowed('http://localhost:4000')).to.equal(true);
  });

  for (const origin of [
    'http://app.example.com',
    'https://app.example.com:443',
    'https://app.example.com/',
    'https://APP.example.com',
    'https://app.example.com.evil',
    'http://localhost:4001',
    'http://localhost:3000',
    'null',
    '',
  ])
    it(`given ${JSON.stringify(origin)}: refuses it`, () => {
      expect(isAllowed(origin)).to.equal(false);
    });

  it('given no configured origin: refuses every origin', () => {
    expect(oneOfOrigins([])('http://localhost:3000')).to.equal(false);
  });
});
