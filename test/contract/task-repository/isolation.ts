import { expect } from 'chai';
import type { ContractTests } from '../task-repository.ts';
import type { TaskPage } from '../../../src/application/ports/task-repository.ts';
import { parseUserId, type User, type UserId } from '../../../src/domain/user.ts';
import type { TaskChange } from '../../../src/domain/task.ts';
import {
  anOwner,
  aQuery,
  aTask,
  description,
  instant,
  placeOf,
  revision,
  title,
} from '../../support/tasks/tasks.ts';

export const isolationTests: ContractTests = (tasks) => {
  const listAll = (owner: UserId): Promise<TaskPage> => tasks().list(owner, aQuery());
  const changes: readonly TaskChange[] = [
    {},
    { title: title('Mine') },
    { description: null },
    { completed: true },
    { completed: 'toggle' },
  ];

  for (const [which, createOther] of [
    ['without tasks', () => Promise.resolve(anOwner({ email: 'b@example.org' }))],
    [
      'with tasks',
      async () => {
        const other = anOwner();
        await tasks().add(other, aTask());
        return other;
      },
    ],
  ] as const) {
    const setUp = async () => {
      const owner = anOwner();
      const task = await tasks().add(owner, aTask({ description: description('private') }));
      const other = await createOther();
      return {
        owner,
        task,
        other,
        pageOfOwner: await listAll(owner.id),
        pageOfOther: await listAll(other.id),
      };
    };

    describe(`given another user ${which}`, () => {
      it("given the id of the owner's task: find returns null", async () => {
        const { task, other } = await setUp();
        expect(await tasks().find(other.id, task.id)).to.be.null;
      });

      it('given any filter and position: list returns tasks of the caller only', async () => {
        const { owner, task, other, pageOfOther } = await setUp();
        await tasks().add(owner, aTask({ createdAt: instant(-1) }));
        for (const status of ['all', 'pending', 'completed'] as const)
          for (const after of [null, placeOf(task), placeOf({ ...task, createdAt: instant(99) })]) {
            const { tasks: found } = await tasks().list(other.id, aQuery({ status, after }));
            expect(found.every((listed) => listed.owner === other.id)).to.be.true;
          }
        expect(await listAll(other.id)).to.deep.equal(pageOfOther);
      });

      it('given any change and expected revisions: change returns missing, and no revision is taken', async () => {
        const { owner, task, other, pageOfOwner, pageOfOther } = await setUp();
        for (const change of changes)
          for (const expected of [undefined, [], [task.revision], [revision(7)]]) {
            const result = await tasks().change(other, task.id, change, instant(9), expected);
            expect(result).to.deep.equal({ outcome: 'missing' });
          }
        expect(await listAll(owner.id)).to.deep.equal(pageOfOwner);
        expect(await listAll(other.id)).to.deep.equal(pageOfOther);
      });

      it('given any expected revisions: remove returns missing, and no revision is taken', async () => {
        const { owner, task, other, pageOfOwner, pageOfOther } = await setUp();
        for (const expected of [undefined, [], [task.revision], [revision(7)]])
          expect(await tasks().remove(other, task.id, instant(1), expected)).to.deep.equal({
            outcome: 'missing',
          });
        expect(await listAll(owner.id)).to.deep.equal(pageOfOwner);
        expect(await listAll(other.id)).to.deep.equal(pageOfOther);
      });
    });
  }

  it('given a user without a successful write: lists nothing at revision 0, and the first task gets revision 1', async () => {
    const task = await tasks().add(anOwner(), aTask());
    const other = anOwner({ email: 'b@example.org', displayName: 'B' });
    await tasks().find(other.id, task.id);
    await tasks().change(other, task.id, {}, instant(0));
    await tasks().remove(other, task.id, instant(1));
    expect(await listAll(other.id)).to.deep.equal({ tasks: [], next: null, total: null, revision: 0 });
    expect(await tasks().add(other, aTask())).to.include({ revision: 1 });
  });

  it('given two users with tasks of the same id: a write by one leaves the task of the other unchanged', async () => {
    const [a, b] = [anOwner(), anOwner()];
    const given = aTask();
    const ofA = await tasks().add(a, given);
    const ofB = await tasks().add(b, { ...given, title: title('Of B') });
    const changed = await tasks().change(a, given.id, { completed: 'toggle' }, instant(1), [ofA.revision]);
    expect(changed.outcome).to.equal('changed');
    expect(await tasks().find(b.id, given.id)).to.deep.equal(ofB);
    expect((await tasks().remove(a, given.id, instant(1))).outcome).to.equal('removed');
    expect(await listAll(b.id)).to.deep.equal({
      tasks: [ofB],
      next: null,
      total: null,
      revision: ofB.revision,
    });
    expect(await tasks().find(a.id, given.id)).to.be.null;
  });

  it('given two users who add tasks by turns: counts the revisions of each separately', async () => {
    const [a, b] = [anOwner(), anOwner()];
    const revisions: number[] = [];
    for (const owner of [a, a, b, a, b]) revisions.push((await tasks().add(owner, aTask())).revision);
    expect(revisions).to.deep.equal([1, 2, 1, 3, 2]);
  });

  it('given users with similar ids: each lists their own task only', async () => {
    const owners = similarIds.map(ownerWithId);
    for (const owner of owners)
      await tasks().add(owner, aTask({ description: description(`of ${owner.id}`) }));
    for (const owner of owners) {
      const page = await listAll(owner.id);
      expect(page.tasks.map((task) => [task.owner, task.description])).to.deep.equal([
        [owner.id, `of ${owner.id}`],
      ]);
      expect(page.revision).to.equal(1);
    }
  });
};

const similarIds = [
  'alike',
  'Alike',
  'alike ',
  ' alike',
  'alike\u200b',
  'alik',
  'alike2',
  'alik_',
  'alik%',
  '%',
  '_',
  '*',
  "alike' OR '1'='1",
  'alike:tasks',
  'alike/tasks',
  'alike,alike2',
  '{alike}',
  'caf\u00e9',
  'cafe\u0301',
  '\ufb01',
  'fi',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'undefined',
  '0',
  '00',
  'a'.repeat(254),
  'a'.repeat(255),
];

const ownerWithId = (text: string): User => {
  const id = parseUserId(text);
  if (id === null) throw new Error(`${text} is not a valid user id`);
  return anOwner({ id });
};
