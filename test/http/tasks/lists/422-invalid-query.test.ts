import { expect } from 'chai';
import { problemOf } from '../../../support/http/response-schemas.ts';
import { describeOnEachStore, urlSchemes } from '../../../support/http/suites.ts';
import { kept } from '../../../support/tasks/task-requests.ts';

const queries: readonly (readonly [query: string, fields: readonly string[]])[] = [
  ['status=', ['status']],
  ['status', ['status']],
  ['status=done', ['status']],
  ['status=open', ['status']],
  ['status=ALL', ['status']],
  ['status=Pending', ['status']],
  ['status=pending%20', ['status']],
  ['status=+pending', ['status']],
  ['status=all,pending', ['status']],
  ['status=true', ['status']],
  ['status=pending%00', ['status']],
  ['status=%F0%9F%98%80', ['status']],
  ['status=all&status=all', ['status']],
  ['status=pending&status=completed', ['status']],
  ['%73tatus=all&status=all', ['status']],
  ['completed=', ['completed']],
  ['completed', ['completed']],
  ['completed=TRUE', ['completed']],
  ['completed=True', ['completed']],
  ['completed=1', ['completed']],
  ['completed=0', ['completed']],
  ['completed=yes', ['completed']],
  ['completed=null', ['completed']],
  ['completed=all', ['completed']],
  ['completed=true&completed=true', ['completed']],
  ['completed=true&completed=false', ['completed']],
  ['limit=', ['limit']],
  ['limit', ['limit']],
  ['limit=0', ['limit']],
  ['limit=000', ['limit']],
  ['limit=1001', ['limit']],
  ['limit=10000000000000000000000', ['limit']],
  [`limit=${'9'.repeat(400)}`, ['limit']],
  ['limit=-1', ['limit']],
  ['limit=+5', ['limit']],
  ['limit=%2B5', ['limit']],
  ['limit=%205', ['limit']],
  ['limit=5%20', ['limit']],
  ['limit=5%0A', ['limit']],
  ['limit=5.0', ['limit']],
  ['limit=5,', ['limit']],
  ['limit=1e2', ['limit']],
  ['limit=0x10', ['limit']],
  ['limit=1_0', ['limit']],
  ['limit=NaN', ['limit']],
  ['limit=Infinity', ['limit']],
  ['limit=all', ['limit']],
  ['limit=%D9%A3', ['limit']],
  ['limit=%EF%BC%95', ['limit']],
  ['limit=5&limit=5', ['limit']],
  ['limit=5&limit=x', ['limit']],
  ['cursor=&cursor=', ['cursor']],
  ['status=pending&completed=true', ['completed']],
  ['status=completed&completed=false', ['completed']],
  ['status=x&completed=y&limit=z', ['status', 'completed', 'limit']],
  ['status=x&limit=0&limit=0', ['status', 'limit']],
  ['status=x&cursor=y', ['status', 'cursor']],
];

describeOnEachStore('422 invalid_query', (service) => {
  for (const [query, fields] of queries) {
    it(`given ?${query.slice(0, 60)}: errors for ${fields.join(', ')}`, async () => {
      const user = await service().user();
      await kept(user);
      for (const scheme of urlSchemes) {
        for (const slash of ['', '/']) {
          const answer = await user.get(`${user.lists[scheme]}${slash}?${query}`, {
            headers: { 'If-None-Match': '*' },
          });
          expect(answer.status, answer.text).to.equal(422);
          const problem = problemOf(answer);
          expect(problem.code).to.be.oneOf(
            query.startsWith('cursor') ? ['invalid_query', 'invalid_cursor'] : ['invalid_query'],
          );
          const found = problem.errors?.map(({ field }) => field) ?? [];
          expect([...new Set(found)]).to.deep.equal(fields);
        }
      }
    });
  }
});
