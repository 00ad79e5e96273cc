import { expect } from 'chai';
import { connectClient } from '../../../../src/infrastructure/postgres/connection/connect.ts';
import { readConnectionSettings } from '../../../../src/infrastructure/postgres/connection/connection-settings.ts';
import { emptyDatabase, type TestDatabase } from '../../../support/postgres/postgres.ts';
import { rejection } from '../../../support/rejection.ts';

describe('required encryption of the connection, on a server without a trusted certificate', () => {
  let given: TestDatabase;
  before(async () => {
    given = await emptyDatabase();
  });
  after(() => given.drop());

  const connect = (parameters: Readonly<Record<string, string>>) => {
    const url = new URL(given.url);
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return connectClient(readConnectionSettings(url.href, {}), { isPooled: false });
  };

  it('given a socket directory and a hostaddr with sslmode=verify-full: refused', async () => {
    const { hostname } = new URL(given.url);
    const error = await rejection(connect({ host: '/tmp', hostaddr: hostname, sslmode: 'verify-full' }));
    expect(String(error)).to.match(/SSL|certificate/i);
  });

  for (const sslmode of ['disable', 'allow', 'prefer'])
    it(`given channel_binding=require with sslmode=${sslmode}: refused`, async () => {
      const error = await rejection(connect({ channel_binding: 'require', sslmode }));
      expect(String(error)).to.match(/channel_binding|SSL|certificate/i);
    });
});
