import { expect } from 'chai';
import { gzipSync } from 'node:zlib';
import { numbers } from '../../../support/in-batches.ts';
import { taskOf, tasksOf } from '../../../support/http/response-schemas.ts';
import type { User } from '../../../support/http/service.ts';
import { describeOnEachStore, urlSchemes } from '../../../support/http/suites.ts';
import {
  isReplay,
  keyed,
  keyedWrites,
  newKey,
  performKeyed,
  repeatable,
} from '../../../support/keys/keyed-requests.ts';
import { kept } from '../../../support/tasks/task-requests.ts';

describeOnEachStore('2xx under an Idempotency-Key', (service) => {
  /** The user's tasks, and the counter in the entity tag of the list. */
  const stateOf = async (user: User) => {
    const answer = await user.get(user.lists.own);
    return { tasks: tasksOf(answer), revision: /^W\/"(\d+)-/.exec(answer.headers['etag'] ?? '')?.[1] };
  };

  for (const scheme of urlSchemes)
    for (const request of keyedWrites) {
      it(`given ${request.name} three times (${scheme}): the same response, marked as replayed, and nothing is done`, async () => {
        const user = await service().user();
        const { id } = await kept(user);
        const key = newKey();
        const send = () => performKeyed(user, user.lists[scheme], request, id, key);
        const first = await send();
        expect(first.status, first.text).to.equal(request.status);
        expect(isReplay(first)).to.be.false;
        const after = await stateOf(user);
        expect(after.revision).to.equal('2');
        for (const again of [await send(), await send()]) {
          expect(isReplay(again)).to.be.true;
          expect(repeatable(again)).to.deep.equal(repeatable(first));
        }
        expect(await stateOf(user)).to.deep.equal(after);
      });

      it(`given ${request.name} 20 times at once (${scheme}): one effect, and the same response to all`, async () => {
        const user = await service().user();
        const { id } = await kept(user);
        const key = newKey();
        const answers = await Promise.all(
          numbers(20).map(() => performKeyed(user, user.lists[scheme], request, id, key)),
        );
        expect(answers.filter((answer) => !isReplay(answer))).to.have.length(1);
        for (const answer of answers) expect(repeatable(answer)).to.deep.equal(repeatable(answers[0]!));
        expect((await stateOf(user)).revision).to.equal('2');
      });
    }

  it('given a task that was changed and deleted since: the response as it was', async () => {
    const user = await service().user();
    const create = () => user.post(user.lists.own, { title: 'As it was' }, keyed('k'));
    const first = await create();
    const { id } = taskOf(first);
    await user.patch(`${user.lists.own}/${id}`, { title: 'Changed' });
    expect(repeatable(await create())).to.deep.equal(repeatable(first));
    await user.delete(`${user.lists.own}/${id}`);
    expect(repeatable(await create())).to.deep.equal(repeatable(first));
    expect((await stateOf(user)).tasks).to.deep.equal([]);
  });

  it('given the plain and the quoted form of a key: one key', async () => {
    const user = await service().user();
    for (const [plain, quoted] of [
      ['a-key', '"a-key"'],
      ['a"\\b', '"a\\"\\\\b"'],
    ] as const) {
      const first = await user.post(user.lists.own, { title: 'Once' }, keyed(plain));
      const again = await user.post(user.lists.own, { title: 'Once' }, keyed(quoted));
      expect([isReplay(first), isReplay(again)]).to.deep.equal([false, true]);
      expect(again.text).to.equal(first.text);
    }
  });

  it('given another query, token or coding of the body: a replay', async () => {
    const user = await service().user();
    const json = JSON.stringify({ title: 'Once' });
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'k' };
    const first = await user.send('POST', user.lists.own, { body: json, headers });
    const sameUser = await service().user(user.id);
    const again = [
      await user.send('POST', `${user.lists.own}?x=y`, { body: json, headers }),
      await sameUser.send('POST', user.lists.own, { body: json, headers }),
      await user.send('POST', user.lists.own, {
        body: gzipSync(json),
        headers: { ...headers, 'content-encoding': 'gzip' },
      }),
    ];
    for (const answer of again) {
      expect(isReplay(answer)).to.be.true;
      expect(answer.text).to.equal(first.text);
    }
  });

  it('given If-Match of a revision that the first request has replaced: a replay', async () => {
    const user = await service().user();
    const { id, revision } = await kept(user);
    const put = () =>
      user.put(`${user.lists.own}/${id}`, { title: 'New' }, keyed('k', { 'If-Match': `"${revision}"` }));
    const first = await put();
    expect(repeatable(await put())).to.deep.equal(repeatable(first));
    expect(first.status).to.equal(200);
  });

  it('given the same key of two users: each has an effect', async () => {
    for (const user of [await service().user(), await service().user()]) {
      const answer = await user.post(user.lists.own, { title: 'Own' }, keyed('shared'));
      expect([answer.status, isReplay(answer)]).to.deep.equal([201, false]);
      expect(taskOf(answer).user_id).to.equal(user.id);
    }
  });

  it('given requests that are no writes of tasks: the header is ignored, also a malformed one', async () => {
    const user = await service().user();
    const { id } = await kept(user);
    for (const target of [user.lists.own, `${user.lists.own}/${id}`, '/api/me'])
      for (const key of ['k', '', 'no key'])
        for (const method of ['GET', 'HEAD', 'OPTIONS']) {
          const answer = await user.send(method, target, keyed(key));
          expect(answer.status, `${method} ${target}`).to.equal(method === 'OPTIONS' ? 204 : 200);
          expect(isReplay(answer)).to.be.false;
        }
  });

  it('given replays: counted in the metrics and marked in the observation', async () => {
    const user = await service().user();
    for (const title of ['Once', 'Once', 'Once']) await user.post(user.lists.own, { title }, keyed('k'));
    const isOurs = (one: object) => 'user' in one && one.user === user.id;
    const seen = () => service().observations.filter(isOurs);
    expect(seen().map((one) => 'isReplay' in one && one.isReplay)).to.deep.equal([false, true, true]);
    const { text } = await service().operations.get('/metrics');
    expect(Number(/^http_requests_replayed_total (\d+)$/m.exec(text)?.[1])).to.be.at.least(2);
  });
});
