import { expect } from 'chai';
import { listOf } from '../../support/http/response-schemas.ts';
import { describeInMemory, urlSchemes } from '../../support/http/suites.ts';
import { allowedMethods } from '../../support/tasks/task-requests.ts';

describeInMemory('204 options', (service) => {
  for (const scheme of urlSchemes) {
    for (const [path, methods] of allowedMethods) {
      for (const slash of ['', '/']) {
        it(`given {tasks}${path}${slash}: Allow lists its methods (${scheme} URL scheme)`, async () => {
          const user = await service().user();
          const answer = await user.options(user.lists[scheme] + path + slash);
          expect(answer.status).to.equal(204);
          expect(listOf(answer.headers['allow'])).to.have.members(methods.map((name) => name.toLowerCase()));
          expect(answer.headers['vary']).to.match(/\bAuthorization\b/);
          expect(answer.headers['cache-control']).to.equal('private, no-cache');
        });
      }
    }
  }

  for (const path of ['/', '/health', '/health/']) {
    it(`given ${path} without a token: Allow lists its methods`, async () => {
      const answer = await service().anonymous.options(path);
      expect(answer.status).to.equal(204);
      expect(listOf(answer.headers['allow'])).to.have.members(['get', 'head', 'options']);
    });
  }
});
