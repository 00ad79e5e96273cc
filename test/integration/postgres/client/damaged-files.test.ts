import { expect } from 'chai';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Observation } from '../../../../src/application/ports/observer.ts';
import { runMigrations } from '../../../../src/infrastructure/postgres/run-migrations.ts';
import { postgresTaskRepository } from '../../../../src/infrastructure/postgres/tasks/task-repository.ts';
import { embeddedFolder } from '../../../support/embedded-postgres/embedded-folder.ts';
import { openDatabase } from '../../../support/postgres/postgres-repository.ts';
import { query } from '../../../support/postgres/sql.ts';
import { rejectionCode } from '../../../support/rejection.ts';
import { anOwner, aQuery, aTask } from '../../../support/tasks/tasks.ts';
import { until } from '../../../support/until.ts';

describe('a PostgreSQL server that cannot read its files', function () {
  this.timeout(60_000);

  it('given that the file of a table is missing (58P01): reads and writes are unavailable, and work once it is back', async () => {
    await using folder = await embeddedFolder(null);
    const { url } = await folder.start();
    await runMigrations(url);
    const observations: Observation[] = [];
    await using database = openDatabase(url, { poolMax: 1, observe: (one) => void observations.push(one) });
    const tasks = postgresTaskRepository(database);
    const owner = anOwner();
    const { id } = await tasks.add(owner, aTask());
    await query(url, 'checkpoint');
    const [row] = await query(url, `select pg_relation_filepath('tasks') as path`);
    const file = join(folder.path, 'postgres', String(row?.['path']));
    await rename(file, `${file}.away`);
    // A connection that has the file open reads on.
    await query(
      url,
      'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and usename is not null',
    );
    await until('the connection was lost', () => database.usage().idle === 0);
    expect(await rejectionCode(tasks.list(owner.id, aQuery()))).to.equal('unavailable');
    expect(await rejectionCode(tasks.add(owner, aTask()))).to.equal('unavailable');
    const observed = observations.map((one) => ('reason' in one ? `${one.type} ${one.reason}` : one.type));
    expect(new Set(observed)).to.deep.equal(new Set(['database_error storage']));
    await rename(`${file}.away`, file);
    expect(await tasks.find(owner.id, id)).to.include({ id });
    await tasks.add(owner, aTask());
  });
});
