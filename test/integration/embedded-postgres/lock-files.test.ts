import { expect } from 'chai';
import { readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { removeDamagedLockFile } from '../../../src/infrastructure/embedded-postgres/postmaster-pid.ts';
import { embeddedFolder, type EmbeddedFolder } from '../../support/embedded-postgres/embedded-folder.ts';
import { query } from '../../support/postgres/sql.ts';

describe('embedded PostgreSQL with a postmaster.pid that a power failure damaged', function () {
  this.timeout(60_000);
  /** The data of a server that was started and stopped. */
  let pristine: EmbeddedFolder;

  before(async () => {
    pristine = await embeddedFolder(null);
    await (await pristine.start())[Symbol.asyncDispose]();
  });
  after(() => pristine[Symbol.asyncDispose]());

  const lockFileOf = ({ path }: EmbeddedFolder): string => join(path, 'postgres', 'postmaster.pid');

  const inAYear = Date.now() / 1_000 + 365 * 86_400;
  for (const [what, content, time] of [
    ['zeros', '\0'.repeat(91), 0],
    ['zeros that is new', '\0'.repeat(91), null],
    ['zeros that is of the future', '\0'.repeat(91), inAYear],
    ['garbage', '\ufffd\u0001garbage\n\n', 0],
    ['lines without a pid', '\n/var/lib\n1\n5432\n', 0],
    ['a number that is no pid', '.5\n', 0],
  ] as const)
    it(`given a file of ${what}: the start succeeds`, async () => {
      await using data = await embeddedFolder(pristine.path);
      await writeFile(lockFileOf(data), content);
      if (time !== null) await utimes(lockFileOf(data), time, time);
      expect(await query((await data.start()).url, 'select 1 as one')).to.deep.equal([{ one: 1 }]);
    });

  it('given a file of zeros, and a server that runs on the folder: the file stays', async function () {
    if (process.platform !== 'linux') this.skip();
    await using data = await embeddedFolder(pristine.path);
    await data.start();
    const file = lockFileOf(data);
    const written = await readFile(file);
    await writeFile(file, '\0'.repeat(91));
    await utimes(file, 0, 0);
    await removeDamagedLockFile(join(data.path, 'postgres'));
    expect((await readFile(file)).every((byte) => byte === 0)).to.equal(true);
    await writeFile(file, written);
  });
});
