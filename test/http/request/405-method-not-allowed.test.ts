import { METHODS } from 'node:http';
import { expect } from 'chai';
import { listOf, problemOf, tasksOf } from '../../support/http/response-schemas.ts';
import { describeInMemory, urlSchemes } from '../../support/http/suites.ts';
import { allowedMethods, kept } from '../../support/tasks/task-requests.ts';

/** All methods that Node parses, except CONNECT: its response is sent on the raw socket. */
const methods = METHODS.filter((method) => method !== 'CONNECT');

describeInMemory('405 method_not_allowed', (service) => {
  for (const scheme of urlSchemes) {
    for (const [path, allowed] of allowedMethods) {
      for (const method of methods.filter((method) => !allowed.some((name) => name === method))) {
        it(`given ${method} {tasks}${path}: 405 with Allow, nothing written (${scheme} URL scheme)`, async () => {
          const user = await service().user();
          const task = await kept(user);
          const list = user.lists[scheme];
          for (const slash of ['', '/']) {
            for (const options of [
              {},
              { json: { title: 'x' } },
              { headers: { 'If-Match': 'x', Accept: 'text/html' }, body: '{' },
            ]) {
              const answer = await user.send(method, `${list}${path}${slash}?status=nonsense`, options);
              expect(answer.status, method).to.equal(405);
              expect(listOf(answer.headers['allow'])).to.have.members(
                allowed.map((name) => name.toLowerCase()),
              );
              expect(answer.headers['vary']).to.match(/\bAuthorization\b/);
              if (method !== 'HEAD') expect(problemOf(answer).code).to.equal('method_not_allowed');
            }
          }
          expect(tasksOf(await user.get(user.lists.own))).to.deep.equal([task]);
        });
      }
    }
  }

  for (const method of methods.filter((method) => !['GET', 'HEAD', 'OPTIONS'].includes(method))) {
    for (const path of ['/', '/health'])
      it(`given ${method} ${path}: 405 with Allow`, async () => {
        const answer = await service().anonymous.send(method, path, { headers: { Accept: 'text/html' } });
        expect(answer.status).to.equal(405);
        expect(listOf(answer.headers['allow'])).to.have.members(['get', 'head', 'options']);
        expect(listOf(answer.headers['vary'])).to.deep.equal(['origin']);
        expect(problemOf(answer).code).to.equal('method_not_allowed');
      });
  }

  for (const name of ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override']) {
    it(`given ${name}: the header does not change the method`, async () => {
      const user = await service().user();
      const task = await kept(user);
      await user.get(`${user.lists.own}/${task.id}?_method=DELETE`, { headers: { [name]: 'DELETE' } });
      await user.post(`${user.lists.own}/${task.id}`, {}, { headers: { [name]: 'DELETE' } });
      expect(tasksOf(await user.get(user.lists.own))).to.deep.equal([task]);
    });
  }
});
