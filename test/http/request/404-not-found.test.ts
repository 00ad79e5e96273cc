import { expect } from 'chai';
import { problemOf } from '../../support/http/response-schemas.ts';
import { describeInMemory } from '../../support/http/suites.ts';
import { absentId } from '../../support/tasks/task-requests.ts';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'];

describeInMemory('404 not_found', (service) => {
  for (const path of [
    '/api',
    '/api/',
    '/api/task',
    '/api/Tasks',
    '/api/TASKS/',
    '/api//tasks',
    '/api/tasks//',
    `/api/tasks//${absentId}`,
    `/api/tasks/${absentId}//`,
    `/api/tasks/${absentId}/Complete`,
    `/api/tasks/${absentId}/complete/`.replace('complete/', 'complete//'),
    `/api/tasks/${absentId}/complete/x`,
    `/api/tasks/${absentId}/completed`,
    `/api/tasks/${absentId}/incomplete`,
    '/api/{user}/Tasks',
    '/api/{user}/task',
    '/api/{user}',
    '/api/{user}/',
    '/api/{user}/tasks//',
    `/api/{user}/tasks/${absentId}/x`,
    `/api/{user}/tasks/${absentId}/complete/x`,
    `/api/{user}/{user}/tasks`,
    `/api/tasks/tasks/${absentId}`,
    `/api/tasks/tasks/${absentId}/complete`,
    '/api/v1/tasks/x/y/z',
    '/api/tasks;v=1',
    '/api/tasks%20',
    '/api%2Ftasks',
  ]) {
    it(`given ${path} with a token: 404 for every method`, async () => {
      const user = await service().user();
      for (const method of methods) {
        const answer = await user.send(method, path.replaceAll('{user}', user.id));
        expect(answer.status, method).to.equal(404);
        expect(problemOf(answer).code).to.equal('not_found');
      }
    });
  }

  for (const path of [
    '//',
    '/nowhere',
    '/tasks',
    '/API/tasks',
    '/Api/tasks',
    '/apis',
    '/apix/tasks',
    '//api/tasks',
    '/./api/tasks',
    '/x/../api/tasks',
    '/Health',
    '/health/x',
    '/health//',
    '/favicon.ico',
    '/robots.txt',
    '/.env',
    '/%2e%2e/etc/passwd',
    '/package.json',
    '/problems/invalid_task',
    '//?x=y',
  ]) {
    it(`given ${path} without a token: 404 for every method`, async () => {
      for (const method of methods) {
        const answer = await service().anonymous.send(method, path);
        expect(answer.status, method).to.equal(404);
        expect(problemOf(answer).code).to.equal('not_found');
      }
    });
  }
});
