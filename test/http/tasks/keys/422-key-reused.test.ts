import { expect } from 'chai';
import type { Answer } from '../../../support/http/http-client.ts';
import { problemOf, taskOf, tasksOf } from '../../../support/http/response-schemas.ts';
import { describeOnEachStore } from '../../../support/http/suites.ts';
import { isReplay, keyed, newKey } from '../../../support/keys/keyed-requests.ts';
import { absentId, kept } from '../../../support/tasks/task-requests.ts';

describeOnEachStore('422 idempotency_key_reused', (service) => {
  it('given another method, path, If-Match or body under a key: 422, and nothing is done', async () => {
    const user = await service().user();
    const { own, named } = user.lists;
    const task = await kept(user);
    const change = { title: 'New' };
    const first = await user.put(`${own}/${task.id}`, change, keyed('k'));
    const before = (await user.get(own)).text;
    const others: readonly Promise<Answer>[] = [
      user.patch(`${own}/${task.id}`, change, keyed('k')),
      user.put(`${named}/${task.id}`, change, keyed('k')),
      user.put(`${own}/${task.id}/`, change, keyed('k')),
      user.put(`${own}/${absentId}`, change, keyed('k')),
      user.put(`${own}/${task.id}`, { title: 'Newer' }, keyed('k')),
      user.put(`${own}/${task.id}`, change, keyed('k', { 'If-Match': '*' })),
      user.put(`${own}/${task.id}`, change, keyed('k', { 'If-Match': '"2"' })),
      user.send('PUT', `${own}/${task.id}`, {
        body: '{ "title": "New" }',
        headers: { 'content-type': 'application/json', 'idempotency-key': '"k"' },
      }),
      user.patch(`${own}/${task.id}/complete`, undefined, keyed('k')),
      user.delete(`${own}/${task.id}`, keyed('k')),
      user.post(own, change, keyed('k')),
    ];
    for (const answer of await Promise.all(others)) {
      expect(answer.status, answer.text).to.equal(422);
      expect(problemOf(answer).code).to.equal('idempotency_key_reused');
      expect(answer.headers).not.to.include.keys('idempotent-replayed', 'etag', 'location');
    }
    expect((await user.get(own)).text).to.equal(before);
    expect((await user.put(`${own}/${task.id}`, change, keyed('k'))).text).to.equal(first.text);
  });

  it('given a body that is not valid under a spent key: 422 invalid_task', async () => {
    const user = await service().user();
    await user.post(user.lists.own, { title: 'A' }, keyed('k'));
    const answer = await user.post(user.lists.own, { title: '' }, keyed('k'));
    expect(problemOf(answer).code).to.equal('invalid_task');
  });

  it('given refused requests: the key stays free, for any request', async () => {
    const user = await service().user();
    const { own } = user.lists;
    const { id } = await kept(user);
    const key = newKey();
    const json = { 'content-type': 'application/json' };
    const refused: readonly (readonly [status: number, answer: Promise<Answer>])[] = [
      [404, user.put(`${own}/${absentId}`, { title: 'A' }, keyed(key))],
      [404, user.delete(`${own}/malformed`, keyed(key))],
      [412, user.put(`${own}/${id}`, { title: 'A' }, keyed(key, { 'If-Match': '"9"' }))],
      [412, user.delete(`${own}/${id}`, keyed(key, { 'If-Match': 'W/"1"' }))],
      [412, user.patch(`${own}/${id}/complete`, {}, keyed(key, { 'If-Match': '"9"' }))],
      [422, user.post(own, { title: '' }, keyed(key))],
      [422, user.put(`${own}/${id}`, {}, keyed(key))],
      [400, user.send('POST', own, { body: '{', headers: { ...json, 'idempotency-key': key } })],
      [400, user.put(`${own}/${id}`, { title: 'A' }, keyed(key, { 'If-Match': 'none' }))],
      [415, user.send('POST', own, { body: 'a', headers: { 'idempotency-key': key } })],
      [413, user.post(own, { title: 'a'.repeat(70_000) }, keyed(key))],
      [405, user.put(own, { title: 'A' }, keyed(key))],
      [406, user.post(own, { title: 'A' }, keyed(key, { accept: 'text/html' }))],
      [403, user.post('/api/another/tasks', { title: 'A' }, keyed(key))],
      [401, service().anonymous.post(own, { title: 'A' }, keyed(key))],
    ];
    for (const [status, answer] of refused)
      expect((await answer).status, (await answer).text).to.equal(status);
    expect(tasksOf(await user.get(own))).to.have.length(1);
    const created = await user.post(own, { title: 'A' }, keyed(key));
    expect([created.status, isReplay(created), taskOf(created).revision]).to.deep.equal([201, false, 2]);
  });

  it('given a request that was refused and succeeds later under its key: then it is repeated', async () => {
    const user = await service().user();
    const { own } = user.lists;
    const { id } = await kept(user);
    const complete = () => user.patch(`${own}/${id}/complete`, undefined, keyed('k', { 'If-Match': '"2"' }));
    expect((await complete()).status).to.equal(412);
    await user.put(`${own}/${id}`, { title: 'Now of revision 2' });
    const done = await complete();
    expect([done.status, taskOf(done).revision]).to.deep.equal([200, 3]);
    const again = await complete();
    expect([isReplay(again), again.text]).to.deep.equal([true, done.text]);
  });
});
