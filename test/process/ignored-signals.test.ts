import { expect } from 'chai';
import { checkout } from '../support/processes/checkout.ts';
import { freshDatabase, type TestDatabase } from '../support/postgres/postgres.ts';
import { postmasterOf } from '../support/postgres/postmaster.ts';
import { bannerOf } from '../support/processes/banner.ts';
import { until } from '../support/until.ts';

describe('signals that were ignored at the start', function () {
  this.timeout(60_000);
  let database: TestDatabase;

  before(async function () {
    if (process.platform !== 'linux') this.skip();
    database = await freshDatabase();
  });
  after(() => database.drop());

  const node = `'${process.execPath}' src/main.ts`;
  const starts: readonly [name: string, command: string][] = [
    ['nohup', `nohup ${node}`],
    ['nohup in the background', `nohup ${node} & wait`],
    ['nohup npm start', 'nohup npm start & wait'],
    ['a shell that ignores it', `trap '' HUP; ${node}; true`],
    ['npm start in a shell that ignores it', `trap '' HUP; npm start; true`],
    ['npm start in a script under nohup', `nohup bash -c 'npm start; true'`],
    ['npm start in a script of a script under nohup', `nohup bash -c 'bash -c "npm start; true"; true'`],
    ['npm start under npm under nohup', `nohup bash -c 'npm exec --call "npm start; true"; true'`],
  ];
  for (const [name, command] of starts) {
    it(`given ${name}: SIGHUP does not stop the service, SIGTERM does`, async () => {
      await using project = await checkout();
      await using program = await project.bash(
        `export NODE_ENV=development PORT=0 OPS_PORT=0 DATABASE_URL='${database.url}'; ${command}`,
      );
      const { address } = await bannerOf(program);
      program.signalGroup('SIGHUP');
      program.signalGroup('SIGHUP');
      // Two requests after the signal: its handler has run.
      for (let n = 0; n < 2; n += 1) expect((await fetch(`${address}/health/ready`)).status).to.equal(200);
      expect(program.output()).not.to.include('"stopping"');
      program.signalGroup('SIGTERM');
      await program.ended;
      await until('no process remains', () => !program.isGroupAlive());
    });
  }

  it('given SIGTERM to migrate: it ends with 143, and no process remains', async () => {
    await using project = await checkout();
    await using program = await project.bash(`exec '${process.execPath}' src/cli/migrate.ts`);
    await until('PostgreSQL starts', async () => (await postmasterOf(project.data)) !== null, 30_000);
    program.signal('SIGTERM');
    expect(await program.ended, program.output()).to.be.oneOf([143, 0]);
    expect(await postmasterOf(project.data)).to.equal(null);
  });
});
