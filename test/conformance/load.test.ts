import { expect } from 'chai';
import { inBatches } from '../support/in-batches.ts';
import { eras, openSession, taskIn, titlesIn, type McpSession } from '../support/mcp/mcp-client.ts';
import { freshDatabase } from '../support/postgres/postgres.ts';
import { startMain } from '../support/processes/main-program.ts';
import { userId } from '../support/tasks/tasks.ts';
import { tokenFor } from '../support/tokens/tokens.ts';

const sessions = 200;
/** How many of them have a call under way. A write that has waited 900 ms for the database is refused as overload. */
const atOnce = 50;

describe(`${sessions} concurrent MCP sessions`, function () {
  this.timeout(120_000);

  it('given list, add, complete and search in each: no error, and each user has only their own tasks', async () => {
    const { url: databaseUrl, drop } = await freshDatabase();
    await using undo = new AsyncDisposableStack();
    undo.defer(drop);
    // A process of its own: in one process with 200 clients it would wait for them.
    await using service = await startMain({
      NODE_ENV: 'test',
      DATABASE_URL: databaseUrl,
      MCP_ENABLED: 'true',
      MAX_CONNECTIONS_PER_ADDRESS: '0',
    });
    const url = `http://127.0.0.1:${service.port}`;
    const tokens = await Promise.all(Array.from({ length: sessions }, () => tokenFor(userId())));
    const begun = performance.now();
    const opened = await inBatches(atOnce, [...tokens.entries()], ([index, token]) =>
      openSession({ url, token, era: eras[index % 2] ?? '2026' }),
    );
    const round = <Result>(work: (session: McpSession, index: number) => Promise<Result>) =>
      inBatches(atOnce, [...opened.entries()], ([index, session]) => work(session, index));
    const before = await round((session) => session.call('list_tasks'));
    const added = await round((session, index) =>
      session.call('add_task', { title: `Milk ${index}`, idempotency_key: 'k' }),
    );
    await round(async (session, index) => {
      const { id } = taskIn(added[index]!);
      taskIn(await session.call('complete_task', { id, expected_revision: 1, idempotency_key: 'k2' }));
    });
    const found = await round((session) =>
      session.call('list_tasks', { search: 'milk', status: 'completed' }),
    );
    console.log(`      ${sessions} sessions, 4 calls each: ${Math.round(performance.now() - begun)} ms`);
    expect(before.flatMap(titlesIn)).to.deep.equal([]);
    expect(found.map(titlesIn)).to.deep.equal(tokens.map((_token, index) => [`Milk ${index}`]));
    await Promise.all(opened.map((session) => session[Symbol.asyncDispose]()));
  });
});
