import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { createServer, type Server } from '../../../../src/infrastructure/embedded-postgres/server.ts';
import { UnusableClusterError } from '../../../../src/infrastructure/embedded-postgres/unusable-cluster-error.ts';
import { scratchFolder, type ScratchFolder } from '../../../support/processes/scratch-folder.ts';
import { rejection } from '../../../support/rejection.ts';
import { until } from '../../../support/until.ts';

describe('server of the embedded PostgreSQL', () => {
  let scratch: ScratchFolder;
  let cluster: string;
  before(function () {
    if (process.platform === 'win32') this.skip();
  });
  beforeEach(async () => {
    scratch = await scratchFolder();
    cluster = join(scratch.folder, 'postgres');
    await mkdir(cluster);
  });
  afterEach(() => scratch[Symbol.asyncDispose]());

  /** A server whose program is this shell script. */
  const serverOf = async (script: string): Promise<Server> => {
    const { folder } = scratch;
    const program = join(folder, 'program');
    await writeFile(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const binaries = { initdb: program, pg_ctl: program, postgres: program };
    const account = {
      owner: null,
      ids: {},
      command: (name: string, args: readonly string[]) => [name, args] as const,
    };
    return createServer({ folder, cluster, account, binaries, settings: {}, port: 1 });
  };

  const failureOf = async (script: string): Promise<unknown> => {
    const server = await serverOf(script);
    await server.start(null);
    await until('the program has ended', () => !server.isStarting());
    return rejection(server.start(null));
  };

  const refused = 'echo "FATAL:  the database system is starting up"';
  const client = 'echo "FATAL:  role \\"a\\" does not exist"';
  for (const [what, script] of [
    ['was killed', `${client}; kill -KILL $$`],
    ['was stopped', `${client}; exit 0`],
    ['ended without a reason in its log', `${refused}; yes | head -c 9000; exit 1`],
  ] as const)
    it(`given a server that ${what}: no fault of the folder, and the end of the log`, async () => {
      const error = await failureOf(script);
      if (!(error instanceof Error)) throw new Error('No error');
      expect(error).not.to.be.instanceOf(UnusableClusterError);
      expect(error.message).to.include(`The end of ${join(scratch.folder, 'postgres.log')}`);
      expect(error.message.length).to.be.lessThan(2_500);
    });

  for (const [what, script] of [
    ['exits with FATAL', 'echo "FATAL:  invalid checkpoint record"; exit 1'],
    ['aborts with PANIC', 'echo "PANIC:  invalid checkpoint record"; kill -ABRT $$'],
  ] as const)
    it(`given a server that ${what}: the folder cannot be used`, async () => {
      const error = await failureOf(script);
      if (!(error instanceof UnusableClusterError)) throw error;
      expect(error.message)
        .to.include(`PostgreSQL does not start on ${cluster}`)
        .and.include(`: invalid checkpoint record. Restore ${cluster} from a backup`);
    });

  it('given a server without postmaster.pid that ends just before its signal: stop resolves', async () => {
    const server = await serverOf('exit 0');
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', '--', '-D', cluster, '-c']);
    if (child.pid === undefined) throw new Error('Not started');
    const ended: Promise<unknown[]> = once(child, 'exit');
    const kill = process.kill.bind(process);
    process.kill = (pid, signal) => {
      if (signal !== 'SIGINT') return kill(pid, signal);
      child.kill('SIGKILL');
      throw Object.assign(new Error('kill ESRCH'), { code: 'ESRCH' });
    };
    try {
      await server.stop(child.pid);
      expect(await ended).to.deep.equal([null, 'SIGKILL']);
    } finally {
      process.kill = kill;
      child.kill('SIGKILL');
    }
  });
});
