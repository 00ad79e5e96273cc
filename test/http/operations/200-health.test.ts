import packageJson from '../../../package.json' with { type: 'json' };
import { expect } from 'chai';
import { describeOnEachStore, ownService } from '../../support/http/suites.ts';

describeOnEachStore('200 /health', (service) => {
  it('given a reachable store and no token: 200 healthy', async () => {
    const answer = await service().anonymous.get('/health');
    expect(answer.status).to.equal(200);
    expect(answer.headers['content-type']).to.equal('application/json; charset=utf-8');
    expect(JSON.parse(answer.text)).to.deep.equal({
      status: 'healthy',
      service: 'taskhold',
      version: packageJson.version,
    });
  });
});

describe('503 /health', () => {
  const service = ownService({
    overrides: { health: { isReady: () => Promise.resolve(false), problem: () => 'unreachable' } },
  });

  it('given an unreachable store: 503 unhealthy', async () => {
    const answer = await service().anonymous.get('/health');
    expect(answer.status).to.equal(503);
    expect(JSON.parse(answer.text)).to.include({ status: 'unhealthy', service: 'taskhold' });
  });
});
