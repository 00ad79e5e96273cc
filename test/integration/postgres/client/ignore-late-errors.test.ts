import { expect } from 'chai';
import { Client } from 'pg';
import '../../../../src/infrastructure/postgres/client/ignore-late-errors.ts';
import { freshDatabase } from '../../../support/postgres/postgres.ts';
import { connect } from '../../../support/postgres/sql.ts';

describe('a connection that the server ends while no query is running', () => {
  it('given no error listener: the process does not end', async () => {
    await using opened = new AsyncDisposableStack();
    const { url, drop } = await freshDatabase();
    opened.defer(drop);
    const client = new Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    // `once` of node:events would add an error listener.
    const ended = new Promise<void>((resolve) => client.once('end', () => resolve()));
    const session = opened.use(await connect(url));
    await session.run('select pg_terminate_backend($1)', [rows[0]?.pid]);
    await ended;
    expect(client.listenerCount('error')).to.equal(1);
  });
});
