import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { problemOf } from '../../../support/http/response-schemas.ts';
import { describeInMemory } from '../../../support/http/suites.ts';
import { keptFor, perform, taskRequests } from '../../../support/tasks/task-requests.ts';

/** About as many as a body can have. */
const tagLists: Readonly<Record<string, readonly unknown[]>> = {
  '31,900 numbers as tags': Array.from({ length: 31_900 }, () => 1),
  '21,000 empty tags': Array.from({ length: 21_000 }, () => ''),
};
const writes = taskRequests.filter(({ name }) => ['create', 'put', 'patch'].includes(name));

/** A title and a due date that are not valid, and these tags. */
const bodyWith = (tags: readonly unknown[]): string => JSON.stringify({ title: '', due_date: 'x', tags });

describeInMemory('422 invalid_task with thousands of problems', (service) => {
  for (const request of writes)
    for (const [what, tags] of Object.entries(tagLists))
      it(`given ${request.name} with ${what}: 20 of them are reported, and the other fields`, async () => {
        const user = await service().user();
        const id = await keptFor(user, request);
        const answer = await perform(user, user.lists.own, request, id, {
          headers: { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' },
          body: gzipSync(bodyWith(tags)),
        });
        expect(answer.status).to.equal(422);
        expect(answer.text.length).to.be.below(8 * 1024);
        expect(problemOf(answer).errors?.map(({ field }) => field)).to.deep.equal([
          'title',
          'due_date',
          ...Array.from({ length: 20 }, (_, index) => `tags.${index}`),
        ]);
      });

  it('given 19 and 20 bad tags, and good ones around them: each of them is reported', async () => {
    const user = await service().user();
    for (const count of [19, 20]) {
      const tags = ['home', ...Array.from({ length: count }, () => null), 'home'];
      const answer = await user.post(user.lists.own, { title: 'A', tags });
      expect(problemOf(answer).errors?.map(({ field }) => field)).to.deep.equal(
        Array.from({ length: count }, (_, index) => `tags.${index + 1}`),
      );
    }
  });

  it('given too many tags, and a bad one among them: both problems are reported', async () => {
    const user = await service().user();
    const tags = ['', ...Array.from({ length: 21 }, (_, n) => `${n}`)];
    const answer = await user.post(user.lists.own, { title: 'A', tags });
    expect(problemOf(answer).errors).to.deep.equal([
      { field: 'tags.0', message: 'must have 1 to 50 characters' },
      { field: 'tags', message: 'must have at most 20 tags' },
    ]);
  });

  it('given a query with thousands of bad values: one problem of each parameter', async () => {
    const user = await service().user();
    const answer = await user.get(
      `${user.lists.own}?tags=${','.repeat(4_000)}&priority=${','.repeat(4_000)}`,
    );
    expect(answer.status).to.equal(422);
    expect(answer.text.length).to.be.below(1024);
    expect(problemOf(answer).errors?.map(({ field }) => field)).to.have.members(['tags', 'priority']);
  });
});
