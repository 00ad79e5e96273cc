import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StandardOutput } from '../../../src/infrastructure/observability/standard-output.ts';
import { scratchFolder } from '../../support/processes/scratch-folder.ts';

const run = promisify(execFile);

/** More than the free space of the disk, with a length that does not divide it, so that a line is cut off. */
const tooMany = Array.from(
  { length: 2000 },
  (_, n) => `${JSON.stringify({ n, text: 'x'.repeat(67) })}\n`,
).join('');

describe('a log on a disk that becomes full', () => {
  let opened: AsyncDisposableStack;
  let disk: string;
  let fillDisk: () => Promise<void>;
  let freeDisk: () => Promise<void>;

  beforeEach(async function () {
    opened = new AsyncDisposableStack();
    disk = join(opened.use(await scratchFolder()).folder, 'disk');
    await mkdir(disk);
    try {
      await run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
    } catch {
      console.log('Skipped: a log on a disk that becomes full (needs root, and a mount of tmpfs).');
      this.skip();
    }
    opened.defer(() => run('umount', [disk]).then(() => undefined));
    fillDisk = () => writeFile(join(disk, 'filler'), Buffer.alloc(960 * 1024));
    freeDisk = () => rm(join(disk, 'filler'));
  });
  afterEach(() => opened.disposeAsync());

  const openLog = async () => {
    const handle = await open(join(disk, 'log'), 'a');
    opened.defer(() => handle.close());
    const output = new StandardOutput(handle.fd);
    const write = async (text: string): Promise<void> => {
      output.write(text);
      await output.flush(5_000);
    };
    const lines = async () => (await readFile(join(disk, 'log'), 'utf8')).split('\n');
    return { output, write, lines };
  };

  it('given a line that was cut off: the next line begins on a line of its own', async () => {
    const { output, write, lines } = await openLog();
    await fillDisk();
    await write(tooMany);
    const full = await lines();
    const cut = full.at(-1) ?? '';
    expect(() => void JSON.parse(cut), 'a line is cut off').to.throw();
    expect(output.droppedLines).to.equal(2000 - (full.length - 1));
    await freeDisk();
    await write('{"n":"next"}\n');
    await write('{"n":"last"}\n');
    expect(await lines()).to.deep.equal([...full, '{"n":"next"}', '{"n":"last"}', '']);
  });

  it('given lines while the disk stays full: each is counted once, and the log goes on after it', async () => {
    const { output, write, lines } = await openLog();
    await fillDisk();
    await write(tooMany);
    const full = await lines();
    const before = output.droppedLines;
    for (let n = 0; n < 3; n += 1) await write('{"n":"dropped"}\n');
    expect(output.droppedLines - before).to.equal(3);
    await freeDisk();
    await write('{"n":"next"}\n');
    expect(await lines()).to.deep.equal([...full, '{"n":"next"}', '']);
  });
});
