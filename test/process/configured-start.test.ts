import { expect } from 'chai';
import { cp, readdir, rename, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { checkout } from '../support/processes/checkout.ts';
import { createTask, bannerOf, titlesOf } from '../support/processes/banner.ts';
import { emptyDatabase, freshDatabase } from '../support/postgres/postgres.ts';
import { query } from '../support/postgres/sql.ts';
import { testSecret, tokenFor } from '../support/tokens/tokens.ts';
import { until } from '../support/until.ts';

describe('start with a configuration', function () {
  this.timeout(60_000);

  it('given a DATABASE_URL: uses and migrates that database, and creates no embedded one', async () => {
    const database = await emptyDatabase();
    await using project = await checkout();
    const program = await project.start({ DATABASE_URL: database.url });
    await createTask(await bannerOf(program), 'Elsewhere');
    expect(await query(database.url, 'select owner_id, title from tasks')).to.deep.equal([
      { owner_id: 'demo', title: 'Elsewhere' },
    ]);
    expect(await readdir(project.data)).to.deep.equal(['secret']);
    program.signal('SIGTERM');
    expect(await program.ended).to.equal(0);
    await database.drop();
  });

  it('given token rules: prints a token that satisfies them', async () => {
    const database = await emptyDatabase();
    await using project = await checkout();
    const program = await project.start({
      DATABASE_URL: database.url,
      JWT_ISSUER: 'https://issuer.example',
      JWT_AUDIENCE: 'tasks',
      JWT_USER_ID_CLAIMS: 'uid,id',
    });
    expect(await titlesOf(await bannerOf(program))).to.deep.equal([]);
    program.signal('SIGTERM');
    expect(await program.ended).to.equal(0);
    await database.drop();
  });

  it('given two instances that start together on an empty database: both show the same tasks', async () => {
    const database = await emptyDatabase();
    await using project = await checkout();
    const environment = { DATABASE_URL: database.url, BETTER_AUTH_SECRET: testSecret };
    const programs = await Promise.all([project.start(environment), project.start(environment)]);
    const [one, other] = await Promise.all(programs.map(bannerOf));
    if (one === undefined || other === undefined) throw new Error('Only one instance is ready');
    await createTask(one, 'Shared');
    expect(await titlesOf(other)).to.deep.equal(['Shared']);
    for (const program of programs) program.signal('SIGTERM');
    expect(await Promise.all(programs.map(({ ended }) => ended))).to.deep.equal([0, 0]);
    await database.drop();
  });

  it('given two instances that start together in one folder: they share database and secret', async () => {
    await using project = await checkout();
    const programs = await Promise.all([project.start(), project.start()]);
    const [one, other] = await Promise.all(programs.map(bannerOf));
    if (one === undefined || other === undefined) throw new Error('Only one instance is ready');
    await createTask(one, 'Shared');
    expect(await titlesOf({ ...other, token: one.token })).to.deep.equal(['Shared']);
    programs[0].signal('SIGTERM');
    expect(await programs[0].ended).to.equal(0);
    expect(await titlesOf(other)).to.deep.equal(['Shared']);
    programs[1].signal('SIGTERM');
    expect(await programs[1].ended).to.equal(0);
  });

  describe('in production', () => {
    it('given neither a database nor a secret: exit code 78, and all problems are listed', async () => {
      await using project = await checkout();
      const program = await project.start({ NODE_ENV: 'production', LOG_LEVEL: 'loud' });
      expect(await program.ended).to.equal(78);
      expect(program.output())
        .to.include('Taskhold cannot start with this configuration:')
        .and.match(/^ {2}- DATABASE_URL /m)
        .and.match(/^ {2}- BETTER_AUTH_SECRET /m)
        .and.match(/^ {2}- LOG_LEVEL /m)
        .and.not.match(/eyJ|curl/);
      expect(await readdir(project.folder)).not.to.include('.data');
    });

    it('given an invalid secret: exit code 78, and the secret is not printed', async () => {
      await using project = await checkout();
      const program = await project.npm(['start'], {
        NODE_ENV: 'production',
        DATABASE_URL: 'mysql://root:hunter2@localhost/tasks',
        BETTER_AUTH_SECRET: 'correct-horse',
      });
      expect(await program.ended).to.equal(78);
      expect(program.output())
        .to.match(/BETTER_AUTH_SECRET must/)
        .and.not.match(/hunter2|correct-horse/);
    });

    it('given a valid configuration: prints neither a token nor a secret, and creates no files', async () => {
      const database = await freshDatabase();
      await using project = await checkout();
      const program = await project.start({
        NODE_ENV: 'production',
        DATABASE_URL: database.url,
        BETTER_AUTH_SECRET: testSecret,
      });
      const [, address = ''] = await program.printed(/"address":"(http:[^"]+)"/);
      const token = await tokenFor('demo');
      await createTask({ address, token }, 'For real');
      expect(await titlesOf({ address, token })).to.deep.equal(['For real']);
      program.signal('SIGTERM');
      expect(await program.ended).to.equal(0);
      const { password } = new URL(database.url);
      expect(program.output()).not.to.match(/eyJ|curl/);
      for (const secret of [token, testSecret, password].filter((text) => text !== ''))
        expect(program.output()).not.to.include(secret);
      expect(await readdir(project.folder)).not.to.include('.data');
      await database.drop();
    });

    it('given migrations that cannot be read at the start: not ready, and ready once they can be read', async () => {
      const database = await freshDatabase();
      await using project = await checkout();
      const [source, folder] = [
        fileURLToPath(new URL('../../src/', import.meta.url)),
        `${project.folder}/src`,
      ];
      await rm(folder); // a link
      await cp(source, folder, { recursive: true });
      const migrations = `${folder}/infrastructure/postgres/migrations`;
      await rename(migrations, `${folder}/away`);
      const program = await project.start({
        NODE_ENV: 'production',
        DATABASE_URL: database.url,
        BETTER_AUTH_SECRET: testSecret,
      });
      const [, address = ''] = await program.printed(/"address":"(http:[^"]+)"/);
      const status = async () => (await fetch(`${address}/health/ready`)).status;
      expect(await status()).to.equal(503);
      await rename(`${folder}/away`, migrations);
      await until('ready', async () => (await status()) === 200);
      await database.drop();
    });
  });
});
