import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { operationsOf, readOpenApi } from '../../../support/http/openapi.ts';
import { problemOf } from '../../../support/http/response-schemas.ts';
import { describeInMemory } from '../../../support/http/suites.ts';
import { isReplay, keyed, newKey } from '../../../support/keys/keyed-requests.ts';
import { keptFor, perform, targetOf, taskRequests } from '../../../support/tasks/task-requests.ts';

const json = { 'Content-Type': 'application/json' };
/** Valid wherever a body is read. */
const body = '{"title":"Buy rye bread","completed":true}';
const names = ['create', 'put', 'patch', 'complete', 'delete', 'restore'];
const requests = taskRequests.filter(({ name }) => names.includes(name));
const withoutBody = requests.filter(({ name }) => ['delete', 'restore'].includes(name));

describeInMemory('422 idempotency_key_reused, by the body', (service) => {
  it('given the OpenAPI document: these requests are all that take a key', async () => {
    const { text } = await service().anonymous.get('/openapi.json');
    const documented = operationsOf(readOpenApi(text))
      .filter(({ operation }) => operation.parameters.some(({ name }) => name === 'Idempotency-Key'))
      .map(({ method, path }) => `${method} ${path}`);
    const expected = requests.flatMap(({ method, path }) =>
      ['/api/tasks', '/api/{user_id}/tasks'].map((list) => `${method} ${list}${path}`),
    );
    expect(documented).to.have.members(expected);
  });

  for (const request of requests)
    it(`given ${request.name} with another body under its key: 422, and with its own: replayed`, async () => {
      const user = await service().user();
      const list = user.lists.own;
      const id = await keptFor(user, request);
      const key = newKey();
      expect((await perform(user, list, request, id, keyed(key))).status).to.equal(request.status);
      for (const options of [
        { ...keyed(key, json), body },
        { ...keyed(key, { ...json, 'Transfer-Encoding': 'chunked' }), body },
        { ...keyed(key, { ...json, 'Content-Encoding': 'gzip' }), body: gzipSync(body) },
      ]) {
        const answer = await perform(user, list, request, id, options);
        expect(answer.status, answer.text).to.equal(422);
        expect(problemOf(answer).code).to.equal('idempotency_key_reused');
      }
      expect(isReplay(await perform(user, list, request, id, keyed(key)))).to.be.true;
    });

  for (const request of withoutBody) {
    it(`given ${request.name} with a body that is no JSON: done, and replayed for the same bytes alone`, async () => {
      const user = await service().user();
      const list = user.lists.own;
      const key = newKey();
      const id = await keptFor(user, request);
      const send = (bytes: string | Buffer, headers = {}) =>
        perform(user, list, request, id, { ...keyed(key, headers), body: bytes });
      expect((await send('{')).status).to.equal(request.status);
      expect(isReplay(await send('{', { 'Content-Type': 'text/plain' }))).to.be.true;
      expect(isReplay(await send(gzipSync('{'), { 'Content-Encoding': 'gzip' }))).to.be.true;
      expect((await send('}')).status).to.equal(422);
      expect((await perform(user, list, request, id, keyed(key))).status).to.equal(422);
    });

    it(`given ${request.name} with a key and a chunked body without bytes: as without a body`, async () => {
      const user = await service().user();
      const list = user.lists.own;
      const key = newKey();
      const id = await keptFor(user, request);
      await perform(user, list, request, id, keyed(key));
      const empty = keyed(key, { 'Transfer-Encoding': 'chunked' });
      expect(isReplay(await perform(user, list, request, id, empty))).to.be.true;
    });

    it(`given ${request.name} with a key and a body that is too large, or coded otherwise: 413 and 415`, async () => {
      const user = await service().user();
      const id = await keptFor(user, request);
      const target = targetOf(user.lists.own, request, id);
      for (const [status, headers, bytes] of [
        [413, {}, 'x'.repeat(65_537)],
        [413, { 'Content-Encoding': 'gzip' }, gzipSync('x'.repeat(65_537))],
        [415, { 'Content-Encoding': 'zstd' }, 'x'],
        [400, { 'Content-Encoding': 'gzip' }, 'x'],
      ] as const) {
        const key = newKey();
        const answer = await user.send(request.method, target, { ...keyed(key, headers), body: bytes });
        expect(answer.status, answer.text).to.equal(status);
      }
      expect((await user.send(request.method, target)).status).to.equal(request.status);
    });

    it(`given ${request.name} without a key: its body is not read`, async () => {
      const user = await service().user();
      const id = await keptFor(user, request);
      const options = { headers: { 'Content-Encoding': 'zstd' }, body: 'x'.repeat(65_537) };
      expect((await perform(user, user.lists.own, request, id, options)).status).to.equal(request.status);
    });
  }
});
