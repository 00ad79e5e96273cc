import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { execFile, spawnSync } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { checkout, type Checkout } from '../support/processes/checkout.ts';
import { bannerOf, titlesOf } from '../support/processes/banner.ts';
import type { Program } from '../support/processes/program.ts';
import { timed } from '../support/until.ts';

const execute = promisify(execFile);

describe('start without a configuration', function () {
  this.timeout(60_000);

  const interrupt = async (program: Program): Promise<void> => {
    program.signalGroup('SIGINT');
    expect(await program.ended, program.output()).to.equal(0);
  };

  /** Starts twice; checks the banner, the example request, and that data and secret are kept. */
  const startTwice = async (project: Checkout): Promise<void> => {
    const secretFile = join(project.data, 'secret');
    const [[first, banner], firstMs] = await timed(async () => {
      const program = await project.start();
      return [program, await bannerOf(program)] as const;
    });
    expect(firstMs).to.be.lessThan(30_000); // on an idle machine: 2 s
    expect(banner.docs).to.equal(`${banner.address}/docs`);
    expect((await fetch(banner.docs)).status).to.equal(200);
    expect(decodeJwt(banner.token)).to.include({ sub: 'demo' });
    const { stdout: created } = await execute('bash', ['-c', banner.curl]);
    expect(JSON.parse(created)).to.include({ user_id: 'demo', title: 'Buy milk', completed: false });
    const secret = await readFile(secretFile, 'utf8');
    expect((await stat(secretFile)).mode & 0o777).to.equal(0o600);
    expect(first.output()).not.to.include(secret);
    await interrupt(first);

    const [[second, next], secondMs] = await timed(async () => {
      const program = await project.start();
      return [program, await bannerOf(program)] as const;
    });
    expect(secondMs).to.be.lessThan(15_000); // on an idle machine: less than 1 s
    expect(await readFile(secretFile, 'utf8')).to.equal(secret);
    expect(await titlesOf({ ...next, token: banner.token })).to.deep.equal(['Buy milk']);
    await interrupt(second);
  };

  it('given two starts: the banner works, and the second start has the data and secret of the first', async () => {
    await using project = await checkout();
    await startTwice(project);
  });

  it('given npm start and a PATH without node_modules: the service starts', async () => {
    await using project = await checkout();
    const program = await project.npm(['start']);
    const { stdout } = await execute('bash', ['-c', (await bannerOf(program)).curl]);
    expect(JSON.parse(stdout)).to.include({ user_id: 'demo' });
    await interrupt(program);
  });

  describe('by an ordinary user, where the tests run as root', () => {
    const ordinaryUser = { uid: 65_534, gid: 65_534 };
    const root = fileURLToPath(new URL('../../', import.meta.url));

    before(function () {
      const reason =
        process.getuid?.() !== 0
          ? 'Skipped: start by another user (the tests do not run as root).'
          : spawnSync('test', ['-x', root, '-a', '-x', process.execPath], ordinaryUser).status !== 0
            ? `Skipped: start by an ordinary user (it may not enter ${root}).`
            : null;
      if (reason === null) return;
      console.log(reason);
      this.skip();
    });

    it('given two starts: the banner works, data is kept, and PostgreSQL runs as that user', async () => {
      await using project = await checkout({ account: ordinaryUser });
      await startTwice(project);
      expect((await stat(join(project.data, 'postgres'))).uid).to.equal(ordinaryUser.uid);
    });
  });
});
