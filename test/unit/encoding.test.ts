import { expect } from 'chai';
import type { TaskPage } from '../../src/application/ports/task-repository.ts';
import type { Task } from '../../src/domain/task.ts';
import { encodePage, encodeTask } from '../../src/interfaces/http/encoding.ts';
import { aTask, instant, revision, title, userId } from '../support/tasks.ts';

const task = (): Task => ({
  ...aTask({ title: title('Grüße, 世界 👋') }),
  owner: userId(),
  updatedAt: instant(0),
  revision: revision(1),
});
const page = (tasks: readonly Task[]): TaskPage => ({ tasks, next: null, revision: revision(1) });

describe('encoding what is kept', () => {
  it('makes its bytes once, and the same as for what is not kept', () => {
    const one = task();
    const kept = Object.freeze({ ...one });
    expect(encodeTask(kept)).to.equal(encodeTask(kept));
    expect(encodeTask(kept).toString()).to.equal(encodeTask(one));
    const list = Object.freeze(page([kept]));
    expect(encodePage(list)).to.equal(encodePage(list));
    expect(encodePage(list).toString()).to.equal(encodePage(page([one])));
  });

  it('keeps no more memory than the bytes take, and none that they share with others', () => {
    const bytes = encodeTask(Object.freeze(task()));
    if (typeof bytes === 'string') throw new Error('What is kept is kept as bytes');
    expect(bytes.buffer.byteLength).to.equal(bytes.length);
  });
});
