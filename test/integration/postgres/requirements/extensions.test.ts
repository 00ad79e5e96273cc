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
    expect((await runMigrations(url)).migrations).not.to.be.empty;
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

  it('given a setting of the role that a pooler keeps: check-config names it, also where migrations are pending', async () => {
    await administrator.run(`grant create on database ${new URL(url).pathname.slice(1)} to ${role}`);
    await administrator.run(`alter role ${role} set array_nulls = off`);
    const [code, output] = await checkConfig({
      MIGRATE_ON_START: 'true',
      DATABASE_PREPARED_STATEMENTS: 'false',
    });
    expect(code, output).to.equal(69);
    expect(output).to.match(/^ {2}- The setting array_nulls is off; /m);
  });

  it('given a role that may not create tables, and a start that migrates: check-config names the right', async () => {
    await administrator.run(`revoke create on schema public from ${role}`);
    const [code, output] = await checkConfig({ MIGRATE_ON_START: 'true' });
    expect(code, output).to.equal(69);
    expect(output).to.include(`GRANT CREATE ON SCHEMA "public" TO "${role}"`);
  });

  describe('given a migrated database that has lost an extension or an index', () => {
    const missingIndexes = async (): Promise<readonly string[]> =>
      (await inspectDatabase(url)).missingIndexes;
    beforeEach(async () => {
      await runMigrations(database.url);
      const tables = 'owners, tasks, trashed_tasks, tombstones, idempotency_keys, migrations';
      await administrator.run(`grant all on ${tables} to ${role}`);
    });

    it('check-config names the index and the remedy; exit code 69; the migrations build it', async () => {
      await administrator.run('drop index tasks_by_title, tasks_by_update');
      const [code, output] = await checkConfig({ MIGRATE_ON_START: 'false' });
      expect(code, output).to.equal(69);
      expect(output).to.match(
        /^ {2}- Indexes of the table tasks are missing: tasks_by_update, tasks_by_title; run: npm run migrate$/m,
      );
      await using program = runMain({ DATABASE_URL: database.url }, 'cli/migrate', []);
      expect(await program.ended()).to.equal(0);
      expect(program.output()).to.equal('Built indexes: tasks_by_update, tasks_by_title.\n');
      expect(await missingIndexes()).to.deep.equal([]);
      expect((await checkConfig({ MIGRATE_ON_START: 'false' }))[0]).to.equal(0);
    });

    it('a role that does not own the tables: the commands name the owner who has to migrate, without a stack', async () => {
      await administrator.run('drop index tasks_by_title');
      const remedy = new RegExp(
        `^ {2}- The role ${role} does not own the table tasks; migrate as the role that owns the tables$`,
        'm',
      );
      await using program = runMain({ DATABASE_URL: url }, 'cli/migrate', []);
      expect(await program.ended()).to.equal(78);
      expect(program.output()).to.match(remedy);
      expect(program.output()).not.to.match(/^ +at /m);
      const [code, output] = await checkConfig({ MIGRATE_ON_START: 'true' });
      expect(code, output).to.equal(69);
      expect(output).to.match(remedy);
      await administrator.run(`alter table tasks owner to ${role}`);
      expect((await checkConfig({ MIGRATE_ON_START: 'true' }))[0]).to.equal(0);
    });

    it('a role that lacks another right to build it: the message of PostgreSQL, and no other role is named', async () => {
      await administrator.run(`drop index tasks_by_title; alter table tasks owner to ${role}`);
      await administrator.run(`revoke select on owners from ${role}`);
      const error = await rejection(runMigrations(url));
      expect(error).to.be.instanceOf(UnmetRequirementsError);
      expect(String(error)).to.match(/PostgreSQL refuses to migrate: permission denied for table owners$/);
    });

    it('a start that migrates, and a role that lacks a right: check-config names it; exit code 69', async () => {
      await administrator.run(`drop index tasks_by_title; alter table tasks owner to ${role}`);
      await administrator.run(`revoke update on tasks from ${role}`);
      const [code, output] = await checkConfig({ MIGRATE_ON_START: 'true' });
      expect(code, output).to.equal(69);
      expect(output).to.match(new RegExp(`run: GRANT UPDATE ON "public".tasks TO "${role}"$`, 'm'));
    });

    it('a start that migrates, and a role that may not read the record: check-config names the right; exit code 69', async () => {
      await administrator.run(`revoke select on migrations from ${role}`);
      const [code, output] = await checkConfig({ MIGRATE_ON_START: 'true' });
      expect(code, output).to.equal(69);
      expect(output).to.match(new RegExp(`^ {2}- .* GRANT SELECT ON "public".migrations TO "${role}"$`, 'm'));
      expect((await checkConfig({ MIGRATE_ON_START: 'false' }))[0]).to.equal(0);
    });

    it('a pending migration, and a role that does not own the tables: check-config names them; exit code 69', async () => {
      await administrator.run(`delete from migrations where name = '0010_erasure'`);
      const [code, output] = await checkConfig({ MIGRATE_ON_START: 'true' });
      expect(code, output).to.equal(69);
      expect(output).to.match(new RegExp(`^ {2}- The role ${role} does not own the table owners; `, 'm'));
      expect(output).to.match(new RegExp(`^ {2}- The role ${role} does not own the table tasks; `, 'm'));
    });

    for (const name of ['pg_trgm', 'btree_gin'])
      it(`without ${name}: a role that may not create it is told the command; one that may repairs all`, async () => {
        await administrator.run(`drop extension ${name} cascade`);
        expect(await missingIndexes()).to.deep.equal(['tasks_by_text_and_tags']);
        const [code, output] = await checkConfig({ MIGRATE_ON_START: 'false' });
        expect(code, output).to.equal(69);
        expect(output).to.include('tasks_by_text_and_tags; run: npm run migrate');
        expect(output).to.match(new RegExp(`^ {2}- .*CREATE EXTENSION ${name}$`, 'm'));
        expect(String(await rejection(runMigrations(url)))).to.include(`CREATE EXTENSION ${name}`);
        await runMigrations(database.url);
        expect(await extensions()).to.deep.equal(['btree_gin', 'pg_trgm']);
        expect(await missingIndexes()).to.deep.equal([]);
      });

    it('a start that migrates: check-config lists the index; exit code 0 where the role can build it', async () => {
      await administrator.run('drop extension pg_trgm cascade');
      const environment = { DATABASE_URL: database.url, MIGRATE_ON_START: 'true' };
      const [code, output] = await checkConfig(environment);
      expect(code, output).to.equal(0);
      expect(output).to.match(/^Indexes of the table tasks are missing: tasks_by_text_and_tags;/m);
      expect((await checkConfig({ MIGRATE_ON_START: 'true' }))[1]).to.include('CREATE EXTENSION pg_trgm');
    });
  });

  it('given a database that is migrated: the role needs no right to create them', async () => {
    await runMigrations(database.url);
    await administrator.run(`grant select on migrations to ${role}`);
    await administrator.run(
      `grant select, insert, update, delete on owners, tasks, trashed_tasks, tombstones, idempotency_keys to ${role}`,
    );
    expect((await inspectDatabase(url)).unmet).to.deep.equal([]);
    expect((await runMigrations(url)).migrations).to.deep.equal([]);
  });
});
