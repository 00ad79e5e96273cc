import { expect } from 'chai';
import { problemOf, tasksOf } from '../../support/http/response-schemas.ts';
import { describeInMemory, urlSchemes } from '../../support/http/suites.ts';
import { kept, keptFor, perform, taskRequests } from '../../support/tasks/task-requests.ts';

const refused = [
  'text/html',
  'text/*',
  'application/xml',
  'application/problem+json',
  'application/json;q=0',
  'application/json;q=0.0, text/html',
  'application/json;q=0, */*',
  'application/*;q=0, text/html;q=1',
  '*/*;q=0',
  'image/png, text/html;q=0.9',
  'text/html;a="b, application/json"',
  'text/html;a="b, application/json',
];

const accepted = [
  undefined,
  '',
  '*/*',
  'application/json',
  'APPLICATION/JSON',
  'application/*',
  'application/json, text/plain, */*',
  'text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8',
  'text/html, application/json;q=0.001',
  'application/json;q=0.5',
  'application/json; charset=utf-8',
  'application/json;charset=UTF-8',
  'application/json; charset="utf-8"; q=0.9',
  'application/json;q=1;ext=1',
  'application/json;q=1;ext="a,b;c"',
  'text/html;a=",", application/json',
  'application/xml, application/json',
  '*/*;q=0, application/json',
  'application/*;q=0, application/json',
  ' , application/json , ',
];

describeInMemory('406 not_acceptable', (service) => {
  for (const request of taskRequests) {
    for (const accept of refused) {
      it(`given ${request.name} with Accept: ${accept}: 406, nothing written`, async () => {
        const user = await service().user();
        const task = await kept(user);
        for (const scheme of urlSchemes) {
          const options = { headers: { Accept: accept } };
          const answer = await perform(user, user.lists[scheme], request, task.id, options);
          expect(answer.status).to.equal(406);
          if (request.method !== 'HEAD') expect(problemOf(answer).code).to.equal('not_acceptable');
        }
        expect(tasksOf(await user.get(user.lists.own))).to.deep.equal([task]);
      });
    }

    for (const accept of accepted) {
      it(`given ${request.name} with Accept: ${accept ?? '(none)'}: ${request.status}`, async () => {
        const user = await service().user();
        for (const scheme of urlSchemes) {
          const id = await keptFor(user, request);
          const options = accept === undefined ? {} : { headers: { Accept: accept } };
          const answer = await perform(user, user.lists[scheme], request, id, options);
          expect(answer.status).to.equal(request.status);
        }
      });
    }
  }

  it('given Accept: text/html for errors, health or OPTIONS: Accept is ignored', async () => {
    const headers = { Accept: 'text/html' };
    expect((await service().anonymous.get('/nowhere', { headers })).status).to.equal(404);
    expect((await service().anonymous.get('/api/tasks', { headers })).status).to.equal(401);
    expect((await service().anonymous.get('/health', { headers })).status).to.equal(200);
    const user = await service().user();
    expect((await user.options(user.lists.own, { headers })).status).to.equal(204);
  });

  it('given Accept-Language, Accept-Charset or Accept-Encoding: ignored', async () => {
    const user = await service().user();
    const headers = { 'Accept-Language': 'x', 'Accept-Charset': 'latin1', 'Accept-Encoding': 'identity;q=0' };
    expect((await user.get(user.lists.own, { headers })).status).to.equal(200);
  });
});
