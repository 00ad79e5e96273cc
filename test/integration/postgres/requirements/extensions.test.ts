import { expect } from 'chai';
import { inspectDatabase } from '../../../../src/infrastructure/postgres/inspect-database.ts';
import { UnmetRequirementsError } from '../../../../src/infrastructure/postgres/requirements/unmet-error.ts';
import { runMigrations } from '../../../../src/infrastructure/postgres/run-migrations.ts';
import { emptyDatabase, type TestDatabase } from '../../../support/postgres/postgres.ts';
import { runMain } from '../../../support/processes/main-program.ts';
import { connect, type Session } from '../../../support/postgres/sql.ts';
import { rejection } from '../../../support/rejection.ts';

describe('the extensions that the indexes of lists need', () => {
  let database: TestDatabase;
  let administrator: Session;
  let role: string;
  let url: string;
  beforeEach(async () => {
    database = await emptyDatabase();
    administrator = await connect(database.url);
    const name = new URL(database.url).pathname.slice(1);
    role = `${name}_role`;
    await administrator.run(`create role ${role} login password 'pw'`);
    await administrator.run(`grant create on schema public to ${role}`);
    const changed = new URL(database.url);
    [changed.username, changed.password] = [role, 'pw'];
    url = changed.href;
  });
  afterEach(async () => {
    await administrator.run(`drop owned by ${role} cascade`);
    await administrator.run(`drop role ${role}`);
    await administrator[Symbol.asyncDispose]();
    await database.drop();
  });

  const extensions = async (): Promise<unknown[]> =>
    (await administrator.run(`select extname from pg_extension where extname <> 'plpgsql' order by 1`)).map(
      ({ extname }) => extname,
    );
  const checkConfig = async (environment: Readonly<Record<string, string>>): Promise<[number, string]> => {
    await using program = runMain({ DATABASE_URL: url, ...environment }, 'cli/check-config', []);
    return [Number(await program.ended()), program.output()];
  };

  it('given a role that may not create them: nothing is migrated, with what an administrator has to run', async () => {
    const error = await rejection(runMigrations(url));
    expect(error).to.be.instanceOf(UnmetRequirementsError);
    const commands = String(error).match(/CREATE EXTENSION \w+/g) ?? [];
    expect(commands).to.deep.equal(['CREATE EXTENSION pg_trgm', 'CREATE EXTENSION btree_gin']);
    expect(await administrator.run(`select 1 from pg_tables where schemaname = 'public'`)).to.deep.equal([]);

    for (const command of commands) await administrator.run(command);
    expect(await runMigrations(url)).not.to.be.empty;
    expect((await inspectDatabase(url)).unmet).to.deep.equal([]);
  });

  it('given such a role: check-config names the commands, whether or not the start will migrate; exit code 69', async () => {
    for (const MIGRATE_ON_START of ['true', 'false']) {
      const [code, output] = await checkConfig({ MIGRATE_ON_START });
      expect(code, output).to.equal(69);
      for (const name of ['pg_trgm', 'btree_gin'])
        expect(output).to.match(
          new RegExp(
            `^ {2}- The role ${role} may not create the extension ${name}; .* CREATE EXTENSION ${name}$`,
            'm',
          ),
        );
    }
  });

  it('given a role that may create objects in the database: the migration creates them', async () => {
    await administrator.run(`grant create on database ${new URL(url).pathname.slice(1)} to ${role}`);
    const [code, output] = await checkConfig({ MIGRATE_ON_START: 'true' });
    expect(code, output).to.equal(0);
    await runMigrations(url);
    expect(await extensions()).to.deep.equal(['btree_gin', 'pg_trgm']);
  });

  it('given a role that may not create tables, and a start that migrates: check-config names the right', async () => {
    await administrator.run(`revoke create on schema public from ${role}`);
    const [code, output] = await checkConfig({ MIGRATE_ON_START: 'true' });
    expect(code, output).to.equal(69);
    expect(output).to.include(`GRANT CREATE ON SCHEMA "public" TO "${role}"`);
  });

  it('given a database that is migrated: the role needs no right to create them', async () => {
    await runMigrations(database.url);
    await administrator.run(`grant select on migrations to ${role}`);
    await administrator.run(`grant select, insert, update, delete on owners, tasks to ${role}`);
    expect((await inspectDatabase(url)).unmet).to.deep.equal([]);
    expect(await runMigrations(url)).to.deep.equal([]);
  });
});
