import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { execFile, spawnSync } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { checkout, type Checkout } from '../support/processes/checkout.ts';
import { greetingOf, titlesOf } from '../support/processes/greeting.ts';
import type { Program } from '../support/processes/program.ts';
import { timed } from '../support/until.ts';

const execute = promisify(execFile);

describe('a start without any configuration', function () {
  this.timeout(60_000);

  const interrupt = async (program: Program): Promise<void> => {
    program.signalGroup('SIGINT');
    expect(await program.ended, program.output()).to.equal(0);
  };

  /** A first start and a second one, and all that a developer is told and finds. */
  const beginAndGoOn = async (project: Checkout): Promise<void> => {
    const secretFile = join(project.data, 'secret');
    const [[first, greeting], firstMs] = await timed(async () => {
      const program = await project.start();
      return [program, await greetingOf(program)] as const;
    });
    expect(firstMs).to.be.lessThan(30_000); // on a machine of its own: 2 s
    expect(greeting.docs).to.equal(`${greeting.address}/docs`);
    expect((await fetch(greeting.docs)).status).to.equal(200);
    expect(decodeJwt(greeting.token)).to.include({ sub: 'demo' });
    const { stdout: created } = await execute('bash', ['-c', greeting.curl]);
    expect(JSON.parse(created)).to.include({ user_id: 'demo', title: 'Buy milk', completed: false });
    const secret = await readFile(secretFile, 'utf8');
    expect((await stat(secretFile)).mode & 0o777).to.equal(0o600);
    expect(first.output()).not.to.include(secret);
    await interrupt(first);

    const [[second, next], secondMs] = await timed(async () => {
      const program = await project.start();
      return [program, await greetingOf(program)] as const;
    });
    expect(secondMs).to.be.lessThan(15_000); // on a machine of its own: less than 1 s
    expect(await readFile(secretFile, 'utf8')).to.equal(secret);
    expect(await titlesOf({ ...next, token: greeting.token })).to.deep.equal(['Buy milk']);
    await interrupt(second);
  };

  it('tells how to begin, and keeps data and secret for the next one', async () => {
    await using project = await checkout();
    await beginAndGoOn(project);
  });

  it('works by npm, which finds the right Node by itself', async () => {
    await using project = await checkout();
    const program = await project.npm(['start']);
    const { stdout } = await execute('bash', ['-c', (await greetingOf(program)).curl]);
    expect(JSON.parse(stdout)).to.include({ user_id: 'demo' });
    await interrupt(program);
  });

  describe('by an ordinary user where the tests run as root', () => {
    const nobody = { uid: 65_534, gid: 65_534 };
    const root = fileURLToPath(new URL('../../', import.meta.url));

    before(function () {
      const why =
        process.getuid?.() !== 0
          ? 'These tests run as an ordinary user: a start by another one is not tested.'
          : spawnSync('test', ['-x', root, '-a', '-x', process.execPath], nobody).status !== 0
            ? `An ordinary user may not enter ${root}: a start by one is not tested.`
            : null;
      if (why === null) return;
      console.log(why);
      this.skip();
    });

    it('does the same', async () => {
      await using project = await checkout({ account: nobody });
      await beginAndGoOn(project);
      expect((await stat(join(project.data, 'postgres'))).uid).to.equal(nobody.uid);
    });
  });
});
