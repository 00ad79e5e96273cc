import { expect } from 'chai';
import { problemOf, tasksOf } from '../../../support/http/response-schemas.ts';
import { describeInMemory, urlSchemes } from '../../../support/http/suites.ts';
import { keyed, keyedWrites, newKey } from '../../../support/keys/keyed-requests.ts';
import { kept, perform } from '../../../support/tasks/task-requests.ts';

const malformed = ['', '""', '"open', 'a b', '"a b"', '"a";p=1', 'a, b', '\u00e9', 'k'.repeat(256)];

describeInMemory('400 malformed_request for an Idempotency-Key', (service) => {
  for (const scheme of urlSchemes)
    for (const request of keyedWrites)
      it(`given ${request.name} (${scheme}) with a malformed or a repeated key: 400, and nothing is done`, async () => {
        const user = await service().user();
        const task = await kept(user);
        const send = (key: string | readonly string[]) =>
          perform(user, user.lists[scheme], request, task.id, { headers: { 'Idempotency-Key': key } });
        for (const key of [...malformed, ['a', 'b'], ['a', 'a'], ['"a', 'b"'], ['', 'a'], ['', '']]) {
          const answer = await send(key);
          expect(answer.status, String(key)).to.equal(400);
          expect(problemOf(answer)).to.include({ code: 'malformed_request' });
          expect(problemOf(answer).detail).to.include('Idempotency-Key');
        }
        expect(tasksOf(await user.get(user.lists.own))).to.deep.equal([task]);
      });

  it("given another user's path: 403 before the key is read", async () => {
    const [user, other] = [await service().user(), await service().user()];
    expect((await user.post(other.lists.named, { title: 'A' }, keyed('no key'))).status).to.equal(403);
  });

  it('given a malformed key and a malformed body: the key is named', async () => {
    const user = await service().user();
    const answer = await user.post(user.lists.own, { title: '' }, keyed('no key'));
    expect(answer.status).to.equal(400);
  });

  it('given a key of 255 characters, also where each of them is escaped: 201', async () => {
    const user = await service().user();
    for (const key of [newKey().padEnd(255, '~'), `"${'\\"'.repeat(255)}"`])
      expect((await user.post(user.lists.own, { title: 'A' }, keyed(key))).status).to.equal(201);
  });
});
