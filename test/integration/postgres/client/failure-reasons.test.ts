import { expect } from 'chai';
import { sql } from 'slonik';
import { z } from 'zod';
import type { Observation } from '../../../../src/application/ports/observer.ts';
import type { Database } from '../../../../src/infrastructure/postgres/client/database.ts';
import { postgresTaskRepository } from '../../../../src/infrastructure/postgres/tasks/task-repository.ts';
import { openDatabase } from '../../../support/postgres/postgres-repository.ts';
import { freshDatabase, type TestDatabase } from '../../../support/postgres/postgres.ts';
import { query } from '../../../support/postgres/sql.ts';
import { rejection } from '../../../support/rejection.ts';
import { anOwner, aTask, title } from '../../../support/tasks/tasks.ts';

describe('failures of PostgreSQL', () => {
  let given: TestDatabase;
  before(async () => {
    given = await freshDatabase();
    await query(
      given.url,
      `create function fail() returns trigger language plpgsql as $$
         begin raise exception 'internal words' using errcode = new.title; end $$;
       create trigger fail before insert on tasks for each row when (new.title ~ '^[0-9A-Z]{5}$') execute function fail()`,
    );
  });
  after(() => given.drop());

  const backend = async (database: Database): Promise<unknown> =>
    (await database.rows(sql.type(z.object({ pid: z.int() }))`SELECT pg_backend_pid() AS pid`))[0]?.pid;

  const failures: readonly (readonly [code: string, reason: string, words: RegExp])[] = [
    ['53100', 'disk_full', /no free disk space/],
    ['53300', 'too_many_connections', /no free connections/],
    ['53200', 'resources', /lacks resources/],
    ['25006', 'read_only', /read-only/],
    ['57014', 'timeout', /did not answer in time/],
  ];
  for (const [code, reason, words] of failures)
    it(`given ${code}: unavailable, with its own words and reason, and the connection is closed`, async () => {
      const observations: Observation[] = [];
      await using database = openDatabase(given.url, {
        poolMax: 1,
        observe: (one) => void observations.push(one),
      });
      const before = await backend(database);
      expect(await backend(database)).to.equal(before);
      const task = aTask({ title: title(code) });
      const error = await rejection(postgresTaskRepository(database).add(anOwner(), task));
      expect(error).to.include({ code: 'unavailable' });
      expect(error)
        .to.have.property('message')
        .that.matches(words)
        .and.matches(/Nothing was done/);
      expect(error).to.have.property('message').that.does.not.include('internal words');
      expect(observations.map((one) => 'reason' in one && one.reason)).to.deep.equal([reason]);
      expect(await backend(database)).not.to.equal(before);
    });
});
