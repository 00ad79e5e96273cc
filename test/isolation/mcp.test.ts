import { expect } from 'chai';
import { openSession, taskIn, type McpSession } from '../support/mcp/mcp-client.ts';
import { startService, type Service, type User } from '../support/http/service.ts';
import { absentId } from '../support/tasks/task-requests.ts';

/** Arguments of each tool, with the id of a task of another user where it takes one. */
const argumentsOf = (
  id: string,
  key: string,
): Readonly<Record<string, readonly Record<string, unknown>[]>> => {
  const target = [{ id }, { id, expected_revision: 1 }, { id, idempotency_key: key }];
  return {
    list_tasks: [{}, { search: 'secret' }, { tag: 'shared', count: true }, { status: 'completed' }],
    get_task: [{ id }],
    add_task: [{ title: 'Mine' }, { title: 'Mine', idempotency_key: key }],
    update_task: target.map((one) => ({ ...one, title: 'Mine' })),
    complete_task: target,
    delete_task: target,
    restore_task: target,
  };
};

/** Members that name the user in other interfaces; here they are refused. */
const foreignNames = (user: User) => [{ user_id: user.id }, { owner: user.id }, { userId: user.id }];

for (const store of ['memory', 'PostgreSQL'] as const) {
  describe(`isolation of users in MCP tools (${store})`, () => {
    let service: Service;
    let victim: User;
    let session: McpSession;
    let secrets: readonly string[];
    let ids: readonly string[];
    const key = 'key-of-the-victim';
    const called = new Set<string>();

    before(async function () {
      this.timeout(120_000);
      service = await startService({ store, environment: { MCP_ENABLED: 'true' } });
      victim = await service.user();
      const secret = `secret of ${victim.id}`;
      await using own = await openSession({ url: service.url, token: victim.token });
      const fields = { description: secret, tags: ['shared'] };
      const kept = taskIn(
        await own.call('add_task', { title: `${secret} 1`, ...fields, idempotency_key: key }),
      );
      const deleted = taskIn(await own.call('add_task', { title: `${secret} 2`, ...fields }));
      await own.call('delete_task', { id: deleted.id });
      ids = [kept.id, deleted.id];
      secrets = [secret, ...ids];
      session = await openSession({ url: service.url, token: (await service.user()).token });
    });
    after(async () => {
      await session[Symbol.asyncDispose]();
      await service[Symbol.asyncDispose]();
    });

    const readAll = async (): Promise<string> => {
      const answers = [await victim.get('/api/tasks'), await victim.get('/api/tasks/trash')];
      return JSON.stringify(answers.map(({ text }) => text));
    };

    /** A result without what differs between two calls anyway. */
    const comparable = (result: unknown, id: string): string =>
      JSON.stringify(result)
        .replaceAll(id, 'the id')
        .replaceAll(/"[\w-]{36}"|\d{4}-\d\d-\d\dT[\d:.]+Z/g, '');

    it("given every tool with another user's ids and keys: nothing shown or changed, the same as for an absent task", async () => {
      const before = await readAll();
      for (const id of ids) {
        for (const [name, variants] of Object.entries(argumentsOf(id, key))) {
          for (const [index, args] of variants.entries()) {
            const result = await session.call(name, args);
            called.add(name);
            const shown = JSON.stringify(result).replaceAll(id, '');
            for (const secret of secrets) expect(shown, name).not.to.include(secret);
            if (!('id' in args)) continue;
            expect(result.isError, name).to.equal(true);
            const absent = await session.call(name, argumentsOf(absentId, key)[name]?.[index]);
            expect(comparable(result, id), name).to.equal(comparable(absent, absentId));
          }
        }
      }
      expect(await readAll()).to.equal(before);
    });

    it('given arguments that name another user: refused, nothing changed', async () => {
      const before = await readAll();
      for (const [name, [args]] of Object.entries(argumentsOf(ids[0] ?? '', 'another-key'))) {
        for (const foreign of foreignNames(victim)) {
          const result = await session.call(name, { ...args, ...foreign });
          expect(result.isError, name).to.equal(true);
          expect(JSON.stringify(result), name).to.include('is not an argument of this tool');
        }
      }
      expect(await readAll()).to.equal(before);
    });

    it('given the resources of another user: as those that are absent', async () => {
      const list = await session.client.readResource({ uri: 'tasks://list' });
      for (const secret of secrets) expect(JSON.stringify(list)).not.to.include(secret);
      const messages = [];
      for (const id of [...ids, absentId]) {
        const error: unknown = await session.client.readResource({ uri: `task://${id}` }).catch(String);
        messages.push(comparable(error, id));
      }
      expect(new Set(messages).size).to.equal(1);
      expect(messages[0]).to.include('Resource not found');
    });

    it('given all tools: each was called above', async () => {
      const { tools } = await session.client.listTools();
      expect([...called].sort()).to.deep.equal(tools.map(({ name }) => name).sort());
    });
  });
}
