import { expect } from 'chai';
import { TaskholdError } from '../../src/domain/errors.ts';
import { memoryTaskRepository } from '../../src/infrastructure/memory/task-repository.ts';
import { errorIn, openSession } from '../support/mcp/mcp-client.ts';
import { startService, type Service } from '../support/http/service.ts';

const failingService = (list: () => Promise<never>, environment = {}): Promise<Service> =>
  startService({
    environment: { MCP_ENABLED: 'true', ...environment },
    overrides: { tasks: { ...memoryTaskRepository(), list } },
  });

describe('MCP tools and resources that fail', () => {
  const failures: readonly (readonly [what: string, error: Error, code: string])[] = [
    ['a bug', new Error('secret of the driver'), 'internal_error'],
    ['a store that cannot be reached', new TaskholdError('unavailable', 'Try again.'), 'unavailable'],
  ];
  for (const [what, error, code] of failures) {
    it(`given ${what}: ${code}, no internal text, and the failure is observed`, async () => {
      await using service = await failingService(() => Promise.reject(error));
      const { token } = await service.user();
      await using session = await openSession({ url: service.url, token });
      const result = await session.call('list_tasks');
      expect(errorIn(result).code).to.equal(code);
      const read: unknown = await session.client.readResource({ uri: 'tasks://list' }).catch(String);
      expect(read).to.include(code);
      expect(JSON.stringify([result, read])).not.to.include('secret');
      const observed = service.observations.filter(({ type }) => type === 'failure');
      expect(observed.map((one) => 'code' in one && one.code)).to.deep.equal([code, code]);
    });
  }

  it('given a tool over the time limit of a request: timeout, as a result', async () => {
    await using service = await failingService(() => new Promise(() => undefined), {
      REQUEST_TIMEOUT_MS: '200',
    });
    const { token } = await service.user();
    await using session = await openSession({ url: service.url, token });
    expect(errorIn(await session.call('list_tasks')).code).to.equal('timeout');
  });
});
