import { expect } from 'chai';
import type { KeyedRequest } from '../../../src/domain/idempotency/keyed-request.ts';
import type { KeyedWrites, TaskRepository } from '../../../src/application/ports/task-repository.ts';
import type { Task } from '../../../src/domain/task.ts';
import type { User } from '../../../src/domain/user.ts';
import type { ContractTests } from '../task-repository.ts';
import { numbers } from '../../support/in-batches.ts';
import { rejection, rejectionCode } from '../../support/rejection.ts';
import {
  aKeyedRequest,
  anOwner,
  aQuery,
  aTask,
  bareFields,
  fullFields,
  instant,
  newTaskId,
  otherFields,
  revision,
  title,
  uncheckedTitle,
} from '../../support/tasks/tasks.ts';

/** A write to the task, under a key. */
type Write = (writes: KeyedWrites, owner: User, task: Task) => Promise<object>;

const kinds: readonly (readonly [name: string, write: Write])[] = [
  ['add', (writes, owner) => writes.add(owner, aTask())],
  ['change', (writes, owner, { id }) => writes.change(owner, id, { completed: 'toggle' }, instant(9))],
  [
    'change with an expected revision',
    (writes, owner, task) =>
      writes.change(owner, task.id, { completed: 'toggle' }, instant(9), [task.revision]),
  ],
  ['remove', (writes, owner, { id }) => writes.remove(owner, id, instant(9))],
  [
    'remove with an expected revision',
    (writes, owner, task) => writes.remove(owner, task.id, instant(9), [task.revision]),
  ],
];

const counter = async (tasks: TaskRepository, { id }: User): Promise<number> =>
  (await tasks.list(id, aQuery())).revision;

/** The key of the request, with another content. */
const reused = ({ key }: KeyedRequest): KeyedRequest => ({ ...aKeyedRequest('another'), key });

export const keyTests: ContractTests = (tasks, expireKeys) => {
  for (const [name, write] of kinds) {
    it(`given ${name} three times under a key: writes once, and repeats the result`, async () => {
      const [owner, request] = [anOwner(), aKeyedRequest()];
      const task = await tasks().add(owner, aTask());
      const first = await write(tasks().once(request), owner, task);
      expect(first).not.to.have.property('isReplay');
      const { tasks: after } = await tasks().list(owner.id, aQuery());
      for (let n = 0; n < 2; n += 1)
        expect(await write(tasks().once(request), owner, task)).to.deep.equal({ ...first, isReplay: true });
      expect((await tasks().list(owner.id, aQuery())).tasks).to.deep.equal(after);
      expect(await counter(tasks(), owner)).to.equal(2);
    });

    it(`given ${name} under a key 20 times at once: writes once`, async () => {
      const [owner, request] = [anOwner(), aKeyedRequest()];
      const task = await tasks().add(owner, aTask());
      const results = await Promise.all(numbers(20).map(() => write(tasks().once(request), owner, task)));
      const [first] = results.filter((result) => !('isReplay' in result));
      expect(results.filter((result) => 'isReplay' in result)).to.have.length(19);
      for (const result of results)
        expect({ ...result, isReplay: true }).to.deep.equal({ ...first, isReplay: true });
      expect(await counter(tasks(), owner)).to.equal(2);
    });

    it(`given ${name} under the key of another request: idempotency_key_reused, and nothing is done`, async () => {
      const [owner, request] = [anOwner(), aKeyedRequest()];
      const task = await tasks().add(owner, aTask());
      await tasks().once(request).change(owner, task.id, {}, instant(1));
      const before = await tasks().list(owner.id, aQuery());
      expect(await rejectionCode(write(tasks().once(reused(request)), owner, task))).to.equal(
        'idempotency_key_reused',
      );
      expect(await tasks().list(owner.id, aQuery())).to.deep.equal(before);
    });

    it(`given ${name} under a key that another user has spent: writes`, async () => {
      const request = aKeyedRequest();
      for (const owner of [anOwner(), anOwner()]) {
        const task = await tasks().add(owner, aTask());
        expect(await write(tasks().once(request), owner, task)).not.to.have.property('isReplay');
        expect(await counter(tasks(), owner)).to.equal(2);
      }
    });
  }

  it('given the first task of a user 20 times at once under a key: adds one', async () => {
    const [owner, request] = [anOwner(), aKeyedRequest()];
    const results = await Promise.all(numbers(20).map(() => tasks().once(request).add(owner, aTask())));
    expect(new Set(results.map(({ task }) => task.id)).size).to.equal(1);
    expect(await tasks().list(owner.id, aQuery())).to.deep.include({
      tasks: [results[0]?.task],
      revision: 1,
    });
  });

  it('given another content 20 times at once under a key: one writes, the others are idempotency_key_reused', async () => {
    const [owner, request] = [anOwner(), aKeyedRequest()];
    const codes = await Promise.all(
      numbers(20).map((n) =>
        tasks()
          .once({ ...aKeyedRequest(`content ${n}`), key: request.key })
          .add(owner, aTask())
          .then(
            () => 'added',
            (error: unknown) => Reflect.get(Object(error), 'code') as unknown,
          ),
      ),
    );
    expect(codes.filter((code) => code === 'added')).to.have.length(1);
    expect(codes.filter((code) => code === 'idempotency_key_reused')).to.have.length(19);
    expect(await counter(tasks(), owner)).to.equal(1);
  });

  it('given several keys at once: writes once for each', async () => {
    const owner = anOwner();
    const requests = numbers(5).map(() => aKeyedRequest());
    const { id } = await tasks().add(owner, aTask());
    await Promise.all(
      [...requests, ...requests].map((request) =>
        tasks().once(request).change(owner, id, { completed: 'toggle' }, instant(1)),
      ),
    );
    expect(await tasks().find(owner.id, id)).to.include({ completed: true, revision: 6 });
  });

  for (const [name, fields] of Object.entries({ bareFields, fullFields, otherFields }))
    it(`given ${name}: the repeated result has every field as it was written`, async () => {
      const [owner, added, changed] = [anOwner(), aKeyedRequest(), aKeyedRequest()];
      const draft = aTask({ ...fields, createdAt: instant(7) });
      const first = await tasks().once(added).add(owner, draft);
      expect(first.task).to.deep.equal({
        ...draft,
        owner: owner.id,
        updatedAt: instant(7),
        revision: revision(1),
      });
      const change = () => tasks().once(changed).change(owner, draft.id, fields, instant(8));
      const second = await change();
      expect(second).to.deep.equal({
        outcome: 'changed',
        task: { ...first.task, updatedAt: instant(8), revision: revision(2) },
      });
      expect(await tasks().once(added).add(owner, draft)).to.deep.equal({ ...first, isReplay: true });
      expect(await change()).to.deep.equal({ ...second, isReplay: true });
    });

  it('given a task that was changed and removed since: repeats the result', async () => {
    const [owner, request] = [anOwner(), aKeyedRequest()];
    const { id } = await tasks().add(owner, aTask());
    const change = () =>
      tasks()
        .once(request)
        .change(owner, id, { title: title('Then') }, instant(1));
    const first = await change();
    await tasks().change(owner, id, { title: title('Now') }, instant(2));
    expect(await change()).to.deep.equal({ ...first, isReplay: true });
    await tasks().remove(owner, id, instant(9));
    expect(await change()).to.deep.equal({ ...first, isReplay: true });
    expect(await tasks().find(owner.id, id)).to.be.null;
  });

  it('given a restoration under a key: restores once, and repeats the result, also after another deletion', async () => {
    const [owner, request] = [anOwner(), aKeyedRequest()];
    const { id } = await tasks().add(owner, aTask());
    await tasks().remove(owner, id, instant(1));
    const restore = () => tasks().once(request).restore(owner, id, instant(2));
    const first = await restore();
    expect(first).to.have.property('outcome', 'restored');
    expect(first).not.to.have.property('isReplay');
    expect(await restore()).to.deep.equal({ ...first, isReplay: true });
    expect(await counter(tasks(), owner)).to.equal(3);
    await tasks().remove(owner, id, instant(3));
    expect(await restore()).to.deep.equal({ ...first, isReplay: true });
    expect(await tasks().find(owner.id, id)).to.be.null;
  });

  it('given a refused restoration: what is in the trash, and the key stays free', async () => {
    const [owner, request] = [anOwner(), aKeyedRequest()];
    const { id, ...task } = await tasks().add(owner, aTask());
    await tasks().remove(owner, id, instant(1));
    const writes = tasks().once(request);
    expect(await writes.restore(owner, newTaskId(), instant(2))).to.deep.equal({ outcome: 'missing' });
    const refused = await writes.restore(owner, id, instant(2), [revision(1)]);
    expect(refused).to.include({ outcome: 'mismatch' });
    expect(refused)
      .to.have.property('current')
      .that.includes.all.keys('deletedAt')
      .and.deep.includes({ ...task, id, revision: 2 });
    expect(await writes.restore(owner, id, instant(2), [revision(2)])).to.have.property(
      'outcome',
      'restored',
    );
  });

  it('given a refused write: leaves the key free, also for another request', async () => {
    const [owner, request] = [anOwner(), aKeyedRequest()];
    const task = await tasks().add(owner, aTask());
    for (const content of [request, reused(request)]) {
      const writes = tasks().once(content);
      const missing = { outcome: 'missing' };
      const mismatch = { outcome: 'mismatch', current: task };
      expect(await writes.change(owner, newTaskId(), {}, instant(1))).to.deep.equal(missing);
      expect(await writes.remove(owner, newTaskId(), instant(9))).to.deep.equal(missing);
      expect(await writes.change(owner, task.id, {}, instant(1), [revision(7)])).to.deep.equal(mismatch);
      expect(await writes.remove(owner, task.id, instant(9), [])).to.deep.equal(mismatch);
    }
    expect(await counter(tasks(), owner)).to.equal(1);
    expect(await tasks().once(request).remove(owner, task.id, instant(9))).to.deep.equal({
      outcome: 'removed',
    });
  });

  it('given a write that fails: leaves the key free', async () => {
    const [owner, request] = [anOwner(), aKeyedRequest()];
    const broken = aTask({ title: uncheckedTitle('a\0') });
    expect(await rejection(tasks().once(request).add(owner, broken))).to.be.an('error');
    const { id } = await tasks().add(owner, aTask());
    expect(await rejection(tasks().once(request).add(owner, aTask({ id })))).to.be.an('error');
    expect(await tasks().once(request).add(owner, aTask())).not.to.have.property('isReplay');
    expect(await counter(tasks(), owner)).to.equal(2);
  });

  it('given a concurrent write without a key, and an expected revision: one of them writes', async () => {
    for (let n = 0; n < 5; n += 1) {
      const owner = anOwner();
      const { id, revision: expected } = await tasks().add(owner, aTask());
      const results = await Promise.all([
        ...numbers(3).map(() => tasks().change(owner, id, {}, instant(1), [expected])),
        ...numbers(3).map(() => tasks().once(aKeyedRequest()).change(owner, id, {}, instant(1), [expected])),
      ]);
      expect(results.filter(({ outcome }) => outcome === 'changed')).to.have.length(1);
      expect(results.filter(({ outcome }) => outcome === 'mismatch')).to.have.length(5);
    }
  });

  it('given a key after 24 hours: it is free', async () => {
    const [owner, request] = [anOwner(), aKeyedRequest()];
    const first = await tasks().once(request).add(owner, aTask());
    await expireKeys();
    for (const content of [request, reused(request)]) {
      const again = await tasks().once(content).add(owner, aTask());
      expect(again).not.to.have.property('isReplay');
      expect(again.task.id).not.to.equal(first.task.id);
      expect(await tasks().once(content).add(owner, aTask())).to.deep.equal({ ...again, isReplay: true });
      await expireKeys();
    }
  });
};
