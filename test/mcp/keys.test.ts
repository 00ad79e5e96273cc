import { expect } from 'chai';
import { contentOf, errorIn, openSession, taskIn, titlesIn } from '../support/mcp/mcp-client.ts';
import { problemOf } from '../support/http/response-schemas.ts';
import { until } from '../support/until.ts';
import { startService, type Service } from '../support/http/service.ts';

for (const store of ['memory', 'PostgreSQL'] as const) {
  describe(`idempotency keys of MCP tools (${store})`, () => {
    let service: Service;
    before(async function () {
      this.timeout(120_000);
      service = await startService({ store, environment: { MCP_ENABLED: 'true' } });
    });
    after(() => service[Symbol.asyncDispose]());

    it('given each write twice with its key: done once, the same result, marked as repeated', async () => {
      const { token } = await service.user();
      await using session = await openSession({ url: service.url, token });
      let replays = 0;
      const twice = async (name: string, args: Record<string, unknown>) => {
        const keyed = { ...args, idempotency_key: `key of ${name}`.replaceAll(' ', '-') };
        const first = contentOf(await session.call(name, keyed));
        const reordered = Object.fromEntries(Object.entries(keyed).reverse());
        const again = contentOf(await session.call(name, reordered));
        expect(first.replayed, name).to.equal(undefined);
        expect(again, name).to.deep.equal({ ...first, replayed: true });
        replays += 1;
        const observed = () => service.observations.filter((one) => one.type === 'request' && one.isReplay);
        await until('the repeated call is observed', () => observed().length === replays);
        return first;
      };
      const { task } = await twice('add_task', { title: 'Milk', tags: ['a', 'b'] });
      const id = task!.id;
      await twice('update_task', { id, title: 'Bread', expected_revision: task!.revision });
      await twice('complete_task', { id });
      await twice('delete_task', { id });
      const restored = await twice('restore_task', { id });
      expect(restored.task!.revision).to.equal(task!.revision + 4);
      expect(titlesIn(await session.call('list_tasks'))).to.deep.equal(['Bread']);
    });

    it('given a key with other arguments, another tool, or of an HTTP request: refused, nothing done', async () => {
      const user = await service.user();
      await using session = await openSession({ url: service.url, token: user.token });
      const { id } = taskIn(await session.call('add_task', { title: 'Milk', idempotency_key: 'k1' }));
      const others: readonly (readonly [string, Record<string, unknown>])[] = [
        ['add_task', { title: 'Bread' }],
        ['add_task', { title: 'Milk', completed: true }],
        ['delete_task', { id }],
      ];
      for (const [name, args] of others) {
        const error = errorIn(await session.call(name, { ...args, idempotency_key: 'k1' }));
        expect(error.code).to.equal('idempotency_key_reused');
        expect(error.detail).to.include('Use a new key');
      }
      const headers = { 'Idempotency-Key': 'k1' };
      const byHttp = await user.post('/api/tasks', { title: 'Milk' }, { headers });
      expect(problemOf(byHttp).code).to.equal('idempotency_key_reused');
      await user.post('/api/tasks', { title: 'By HTTP' }, { headers: { 'Idempotency-Key': 'k2' } });
      const byTool = await session.call('add_task', { title: 'By HTTP', idempotency_key: 'k2' });
      expect(errorIn(byTool).code).to.equal('idempotency_key_reused');
      expect(titlesIn(await session.call('list_tasks', { sort_by: 'title' }))).to.deep.equal([
        'By HTTP',
        'Milk',
      ]);
    });

    it('given the key of another user: it has no effect', async () => {
      const titles = [];
      for (const title of ['one', 'two']) {
        const { token } = await service.user();
        await using session = await openSession({ url: service.url, token });
        titles.push(taskIn(await session.call('add_task', { title, idempotency_key: 'the-same' })).title);
      }
      expect(titles).to.deep.equal(['one', 'two']);
    });
  });
}
