import { expect } from 'chai';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { freshDatabase, type TestDatabase } from '../../support/postgres/postgres.ts';
import { runMain, startMain } from '../../support/processes/main-program.ts';
import { testSecret } from '../../support/tokens/tokens.ts';

describe('ports in use', function () {
  this.timeout(30_000);
  let database: TestDatabase;
  let other: Server;
  let port: string;

  before(async () => {
    database = await freshDatabase();
    other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    port = typeof address === 'object' ? String(address?.port) : '';
  });
  after(async () => {
    other.close();
    await database.drop();
  });

  for (const mode of ['production', 'development'])
    for (const variable of ['PORT', 'OPS_PORT']) {
      it(`given ${variable} in use in ${mode}: exit code 78, and the message names ${variable}`, async () => {
        await using program = runMain({
          DATABASE_URL: database.url,
          BETTER_AUTH_SECRET: testSecret,
          PORT: '0',
          OPS_PORT: '0',
          [variable]: port,
          NODE_ENV: mode,
        });
        expect(await program.ended()).to.equal(78);
        expect(program.output()).to.match(
          new RegExp(`^  - ${variable} ${port} on 127.0.0.1 cannot be used`, 'm'),
        );
        expect(program.output(), 'it never listened').to.not.match(/"(?:stopping|stopped)"/);
      });
    }

  it('given the default OPS_PORT in use in development: the operations listener takes another port', async () => {
    const onDefault = createServer().listen(9464, '127.0.0.1');
    // Another program may use it already.
    await once(onDefault, 'listening').catch(() => undefined);
    try {
      const environment = { DATABASE_URL: database.url, OPS_PORT: '', NODE_ENV: 'development' };
      await using program = await startMain(environment);
      expect(program.operationsPort).to.not.equal(9464);
    } finally {
      onDefault.close();
    }
  });
});
