import { expect } from 'chai';
import type { Chapter } from '../task-repository.ts';
import type { TaskPage } from '../../../src/application/ports/task-repository.ts';
import { parseUserId, type Owner, type UserId } from '../../../src/domain/user.ts';
import type { TaskChange } from '../../../src/domain/task.ts';
import { anOwner, aQuery, aTask, description, instant, revision, title } from '../../support/tasks/tasks.ts';

export const isolatesOwners: Chapter = (tasks) => {
  const everything = (owner: UserId): Promise<TaskPage> => tasks().list(owner, aQuery());
  const changes: readonly TaskChange[] = [
    {},
    { title: title('Mine') },
    { description: null },
    { completed: true },
    { completed: 'toggle' },
  ];

  for (const [who, makeStranger] of [
    ['who never wrote', () => Promise.resolve(anOwner({ email: 'b@example.org' }))],
    [
      'with tasks of their own',
      async () => {
        const stranger = anOwner();
        await tasks().add(stranger, aTask());
        return stranger;
      },
    ],
  ] as const) {
    const setUp = async () => {
      const owner = anOwner();
      const task = await tasks().add(owner, aTask({ description: description('private') }));
      const stranger = await makeStranger();
      return {
        owner,
        task,
        stranger,
        ours: await everything(owner.id),
        theirs: await everything(stranger.id),
      };
    };

    describe(`to a user ${who}`, () => {
      it("does not find another's task", async () => {
        const { task, stranger } = await setUp();
        expect(await tasks().find(stranger.id, task.id)).to.be.null;
      });

      it("lists no other's tasks, from whatever position", async () => {
        const { owner, task, stranger, theirs } = await setUp();
        await tasks().add(owner, aTask({ createdAt: instant(-1) }));
        for (const status of ['all', 'pending', 'completed'] as const)
          for (const after of [null, task, { ...task, createdAt: instant(99) }]) {
            const { tasks: found } = await tasks().list(stranger.id, aQuery({ status, after }));
            expect(found.every((one) => one.owner === stranger.id)).to.be.true;
          }
        expect(await everything(stranger.id)).to.deep.equal(theirs);
      });

      it("changes nothing of another's, whatever is expected, and takes no revision", async () => {
        const { owner, task, stranger, ours, theirs } = await setUp();
        for (const change of changes)
          for (const expected of [undefined, [], [task.revision], [revision(7)]]) {
            const result = await tasks().change(stranger, task.id, change, instant(9), expected);
            expect(result).to.deep.equal({ outcome: 'missing' });
          }
        expect(await everything(owner.id)).to.deep.equal(ours);
        expect(await everything(stranger.id)).to.deep.equal(theirs);
      });

      it("removes nothing of another's, whatever is expected, and takes no revision", async () => {
        const { owner, task, stranger, ours, theirs } = await setUp();
        for (const expected of [undefined, [], [task.revision], [revision(7)]])
          expect(await tasks().remove(stranger, task.id, expected)).to.deep.equal({ outcome: 'missing' });
        expect(await everything(owner.id)).to.deep.equal(ours);
        expect(await everything(stranger.id)).to.deep.equal(theirs);
      });
    });
  }

  it('shows a user who only read and was refused as one who never wrote', async () => {
    const task = await tasks().add(anOwner(), aTask());
    const stranger = anOwner({ email: 'b@example.org', displayName: 'B' });
    await tasks().find(stranger.id, task.id);
    await tasks().change(stranger, task.id, {}, instant(0));
    await tasks().remove(stranger, task.id);
    expect(await everything(stranger.id)).to.deep.equal({ tasks: [], next: null, revision: 0 });
    expect(await tasks().add(stranger, aTask())).to.include({ revision: 1 });
  });

  it('keeps two tasks apart that have one id', async () => {
    const [a, b] = [anOwner(), anOwner()];
    const given = aTask();
    const ofA = await tasks().add(a, given);
    const ofB = await tasks().add(b, { ...given, title: title('Of B') });
    const changed = await tasks().change(a, given.id, { completed: 'toggle' }, instant(1), [ofA.revision]);
    expect(changed.outcome).to.equal('changed');
    expect(await tasks().find(b.id, given.id)).to.deep.equal(ofB);
    expect((await tasks().remove(a, given.id)).outcome).to.equal('removed');
    expect(await everything(b.id)).to.deep.equal({ tasks: [ofB], next: null, revision: ofB.revision });
    expect(await tasks().find(a.id, given.id)).to.be.null;
  });

  it('counts the revisions of each owner apart', async () => {
    const [a, b] = [anOwner(), anOwner()];
    const revisions: number[] = [];
    for (const owner of [a, a, b, a, b]) revisions.push((await tasks().add(owner, aTask())).revision);
    expect(revisions).to.deep.equal([1, 2, 1, 3, 2]);
  });

  it('knows apart owners whose ids are alike', async () => {
    const owners = alike.map(named);
    for (const owner of owners)
      await tasks().add(owner, aTask({ description: description(`of ${owner.id}`) }));
    for (const owner of owners) {
      const page = await everything(owner.id);
      expect(page.tasks.map((task) => [task.owner, task.description])).to.deep.equal([
        [owner.id, `of ${owner.id}`],
      ]);
      expect(page.revision).to.equal(1);
    }
  });
};

const alike = [
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

const named = (name: string): Owner => {
  const id = parseUserId(name);
  if (id === null) throw new Error(`${name} is no user id`);
  return anOwner({ id });
};
