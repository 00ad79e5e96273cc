import { expect } from 'chai';
import type { TaskRepository } from '../../../src/application/ports/task-repository.ts';
import type { Task, TaskChange, TaskDraft } from '../../../src/domain/task.ts';
import type { User } from '../../../src/domain/user.ts';
import type { ContractTests } from '../task-repository.ts';
import { rejection } from '../../support/rejection.ts';
import {
  anOwner,
  aQuery,
  aTask,
  bareFields,
  fullFields,
  instant,
  otherFields,
  revision,
  withUnchecked,
  textFields,
} from '../../support/tasks/tasks.ts';

/** Every field, one by one, whatever fields there are: a new one is tested without an edit here. */
export const fieldTests: ContractTests = (tasks) => {
  /** Creates users, each with one task that has these fields. */
  const usersWith = async (count: number, fields: TaskDraft): Promise<readonly [User, Task][]> => {
    const owners = Array.from({ length: count }, () => anOwner());
    return Promise.all(
      owners.map(async (owner) => [owner, await tasks().add(owner, aTask(fields))] as const),
    );
  };

  const stored = async (repository: TaskRepository, task: Task) => {
    const page = await repository.list(task.owner, aQuery());
    return [await repository.find(task.owner, task.id), page.tasks.find(({ id }) => id === task.id)];
  };

  for (const [how, count] of [
    ['alone', 1],
    ['at the same time as other users', 6],
  ] as const) {
    for (const fields of [fullFields, otherFields, bareFields])
      it(`given an existing user who adds ${JSON.stringify(fields)} ${how}: stores every field`, async () => {
        const users = await usersWith(count, bareFields);
        const added = await Promise.all(users.map(([owner]) => tasks().add(owner, aTask(fields))));
        for (const task of added) {
          expect(task).to.deep.include(fields);
          expect(await stored(tasks(), task)).to.deep.equal([task, task]);
        }
      });

    const changes: readonly TaskChange[] = [
      ...Object.entries(otherFields).map(([field, value]) => ({ [field]: value })),
      otherFields,
      bareFields,
    ];
    for (const change of changes)
      it(`given an existing task that is changed to ${JSON.stringify(change)} ${how}: changes these fields only`, async () => {
        const users = await usersWith(count, fullFields);
        const results = await Promise.all(
          users.map(([owner, { id }]) => tasks().change(owner, id, change, instant(1))),
        );
        for (const [n, result] of results.entries()) {
          const task = users[n]![1];
          for (const [field, value] of Object.entries(change))
            expect(task, 'the samples must differ').not.to.have.deep.property(field, value);
          const expected = { ...task, ...change, updatedAt: instant(1), revision: revision(2) };
          expect(result).to.deep.equal({ outcome: 'changed', task: expected });
          expect(await stored(tasks(), task)).to.deep.equal([expected, expected]);
        }
      });
  }

  const texts = ['a\0b', 'a\ud83d', '\ude00b'];
  const unstorable: readonly (readonly [field: string, value: unknown])[] = [
    ...textFields.flatMap((field) => texts.map((text) => [field, text] as const)),
    ...texts.map((text) => ['tags', ['fine', text]] as const),
  ];
  for (const [field, text] of unstorable)
    it(`given ${JSON.stringify(text)} as ${field}: refuses to add and to change, and writes nothing`, async () => {
      const owner = anOwner();
      await rejection(tasks().add(owner, withUnchecked(aTask(), field, text)));
      const task = await tasks().add(owner, aTask());
      await rejection(tasks().change(owner, task.id, withUnchecked({}, field, text), instant(1)));
      expect(await tasks().list(owner.id, aQuery())).to.deep.equal({
        tasks: [task],
        next: null,
        total: null,
        revision: revision(1),
      });
    });
};
