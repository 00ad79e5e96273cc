import { expect } from 'chai';
import { request } from 'node:http';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { freshDatabase } from '../../support/postgres/postgres.ts';
import { startMain, type MainProgram } from '../../support/processes/main-program.ts';
import { query } from '../../support/postgres/sql.ts';
import { userId } from '../../support/tasks/tasks.ts';
import { tokenFor } from '../../support/tokens/tokens.ts';

const count = 100_000;

/** The most memory that is more than before, in MB, while the work runs; null where the system does not show it. */
const mostMemory = async (
  { process: child }: MainProgram,
  work: () => Promise<void>,
): Promise<number | null> => {
  const resident = async (): Promise<number | null> => {
    const status = await readFile(`/proc/${child.pid ?? 0}/status`, 'utf8').catch(() => '');
    const kilobytes = /VmRSS:\s+(\d+)/.exec(status)?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) / 1024;
  };
  const before = await resident();
  let most = before;
  const over = new AbortController();
  const watching = (async () => {
    while (!over.signal.aborted) {
      most = Math.max(most ?? 0, (await resident()) ?? 0);
      await pause(20);
    }
  })();
  await work();
  over.abort();
  await watching;
  return before === null || most === null ? null : most - before;
};

/** Reads a response; returns its size and the number of tasks. `pauseMs` before every chunk. */
const readResponse = (
  port: number,
  path: string,
  token: string,
  pauseMs: number,
): Promise<{ bytes: number; tasks: number; end: string }> =>
  new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    const sent = request({ port, host: '127.0.0.1', path, headers, agent: false });
    sent.on('error', reject).end();
    sent.on('response', (response) => {
      let [bytes, tasks, rest] = [0, 0, ''];
      let end = '';
      response.on('error', reject).on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        end = (end + chunk.toString('latin1')).slice(-40);
        const text = rest + chunk.toString('latin1');
        tasks += text.split('"user_id"').length - 1;
        rest = text.slice(-8); // a part of the name at the end of a chunk
        if (pauseMs === 0) return;
        response.pause();
        setTimeout(() => response.resume(), pauseMs);
      });
      response.on('end', () => resolve({ bytes, tasks, end }));
    });
  });

/** What a follower of changes begins with, where the newest tombstone that has expired is almost the last revision. */
const fromZero = '/api/tasks/changes?since=0&limit=1';

describe('responses of 100,000 tasks, sent while they are read', function () {
  this.timeout(120_000);

  for (const [path, what, pauseMs, end] of [
    ['/api/me/export', 'a fast client', 0, '],"trash":[]}'],
    ['/api/me/export', 'a client that reads slowly', 1, '],"trash":[]}'],
    [fromZero, 'a fast client', 0, `],"revision":${count},"has_more":false}`],
  ] as const)
    it(`given GET ${path} and ${what}: all tasks, and less than 64 MB more memory than before`, async () => {
      const { url, drop } = await freshDatabase();
      await using undo = new AsyncDisposableStack();
      undo.defer(drop);
      const user = userId();
      await query(
        url,
        'INSERT INTO owners (id, revision, changes_from, created_at) VALUES ($1, $2, $3, now())',
        [user, count, count - 10],
      );
      await query(
        url,
        `INSERT INTO tasks (owner_id, id, title, description, completed, created_at, updated_at, revision)
         SELECT $1, ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'Task ' || n, repeat('x', 200), false,
           now() - n * interval '1 second', now(), n FROM generate_series(1, $2::int) AS n`,
        [user, count],
      );
      await using program = await startMain({
        NODE_ENV: 'test',
        DATABASE_URL: url,
        RATE_LIMIT_MAX: '0',
        // A heap with room keeps garbage for as long as it likes; a small one shows what is in use.
        NODE_OPTIONS: '--max-old-space-size=96 --max-semi-space-size=1',
      });
      const token = await tokenFor(user);
      // The first requests compile code, whatever they read.
      const headers = { authorization: `Bearer ${token}` };
      for (let n = 0; n < 20; n += 1)
        await (await fetch(`http://127.0.0.1:${program.port}/api/tasks?limit=500`, { headers })).text();
      let read = { bytes: 0, tasks: 0, end: '' };
      const more = await mostMemory(program, async () => {
        read = await readResponse(program.port, path, token, pauseMs);
      });
      expect(read.tasks).to.equal(count);
      expect(read.end.endsWith(end), read.end).to.equal(true);
      if (more !== null) expect(more).to.be.below(64);
      console.log(`      ${(read.bytes / 2 ** 20).toFixed(0)} MB, ${more?.toFixed(0) ?? '?'} MB more memory`);
    });
});
