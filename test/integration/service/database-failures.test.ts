import { expect } from 'chai';
import { emptyDatabase, freshDatabase } from '../../support/postgres/postgres.ts';
import { runMain, startMain, type MainProgram } from '../../support/processes/main-program.ts';
import { query } from '../../support/postgres/sql.ts';
import { tokenFor } from '../../support/tokens/tokens.ts';
import { runMigrations } from '../../../src/infrastructure/postgres/run-migrations.ts';
import { timed, until } from '../../support/until.ts';

describe('a service whose database fails', function () {
  this.timeout(60_000);

  const list = async (program: MainProgram): Promise<number> => {
    const headers = { Authorization: `Bearer ${await tokenFor('user-1')}` };
    const response = await fetch(`http://127.0.0.1:${program.port}/api/tasks`, { headers });
    await response.arrayBuffer();
    return response.status;
  };
  const ready = async (program: MainProgram): Promise<number> => {
    const response = await fetch(`http://127.0.0.1:${program.operationsPort}/health/ready`);
    await response.arrayBuffer();
    return response.status;
  };
  const linesOf = (program: MainProgram, msg: string): string[] =>
    program
      .output()
      .split('\n')
      .filter((line) => line.includes(`"msg":"${msg}"`));

  it('given production and an empty database: 503 and not ready, one line names the migration; ready once it ran', async () => {
    const { url, drop } = await emptyDatabase();
    try {
      await using program = await startMain({
        NODE_ENV: 'production',
        DATABASE_URL: url,
        RATE_LIMIT_MAX: '0',
      });
      const statuses = await Promise.all(Array.from({ length: 30 }, () => list(program)));
      expect(new Set(statuses)).to.deep.equal(new Set([503]));
      expect(await ready(program)).to.equal(503);
      await until('the log has the error', () => linesOf(program, 'database_error').length > 0);
      const lines = linesOf(program, 'database_error');
      expect(lines).to.have.length(1);
      expect(lines[0]).to.include('0001_owners_and_tasks').and.include('"reason":"unprepared"');
      expect(linesOf(program, 'failure')).to.have.length(1);
      await runMigrations(url);
      await until('the service is ready', async () => (await ready(program)) === 200);
      expect(await list(program)).to.equal(200);
    } finally {
      await drop();
    }
  });

  it('given a database of another encoding: exit code 78 with the reason', async () => {
    const { url, drop } = await emptyDatabase();
    const other = new URL(url);
    other.pathname += '_latin1';
    const name = other.pathname.slice(1);
    await query(url, `create database ${name} encoding 'LATIN1' locale 'C' template template0`);
    try {
      for (const NODE_ENV of ['production', 'development']) {
        await using program = runMain({
          NODE_ENV,
          DATABASE_URL: other.href,
          BETTER_AUTH_SECRET: 'correct horse battery staple, 32 bytes',
        });
        expect(await program.ended()).to.equal(78);
        expect(program.output()).to.include('The encoding of the database is LATIN1');
      }
    } finally {
      await query(url, `drop database ${name} with (force)`);
      await drop();
    }
  });

  it('given no free connections (53300): health answers within a second, and the log stays small', async () => {
    const { url, drop } = await freshDatabase();
    const name = new URL(url).pathname.slice(1);
    const as = new URL(url);
    [as.username, as.password] = [name, 'pw'];
    await query(url, `create role ${name} login password 'pw'`);
    await query(url, `grant all on all tables in schema public to ${name}`);
    try {
      await using program = await startMain({
        NODE_ENV: 'production',
        DATABASE_URL: as.href,
        RATE_LIMIT_MAX: '0',
      });
      expect(await list(program)).to.equal(200);
      await query(url, `alter role ${name} connection limit 0`);
      await query(url, `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${name}'`);
      await until('requests are refused', async () => (await list(program)) === 503);
      const statuses = await Promise.all(Array.from({ length: 300 }, () => list(program)));
      expect(new Set(statuses)).to.deep.equal(new Set([503]));
      const [status, milliseconds] = await timed(() => ready(program));
      expect(status).to.equal(503);
      expect(milliseconds).to.be.below(1000);
      const lines = [...linesOf(program, 'database_error'), ...linesOf(program, 'failure')];
      expect(lines.length).to.be.below(12);
      expect(lines.join('\n')).to.include('too_many_connections').and.include('53300');
      await query(url, `alter role ${name} connection limit -1`);
      await until('the service is ready', async () => (await ready(program)) === 200);
      program.process.kill('SIGTERM');
      await program.ended();
      expect(linesOf(program, 'repeated').join('\n')).to.include('failure unavailable');
    } finally {
      await query(url, `drop owned by ${name}`);
      await query(url, `drop role ${name}`);
      await drop();
    }
  });
});
