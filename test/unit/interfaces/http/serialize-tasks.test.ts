import { expect } from 'chai';
import type { TaskPage } from '../../../../src/application/ports/task-repository.ts';
import type { Task } from '../../../../src/domain/task.ts';
import { encodePage } from '../../../../src/interfaces/http/tasks/serialize-tasks.ts';
import { aTask, instant, revision, title, userId } from '../../../support/tasks/tasks.ts';

const task = (): Task => ({
  ...aTask({ title: title('Grüße, 世界 👋') }),
  owner: userId(),
  updatedAt: instant(0),
  revision: revision(1),
});
const page = (tasks: readonly Task[]): TaskPage => ({ tasks, next: null, revision: revision(1) });

describe('the bytes of a page from the cache', () => {
  it('are made once, and are the same as those of a page that is not kept', () => {
    const one = task();
    const list = Object.freeze(page([one]));
    expect(encodePage(list)).to.equal(encodePage(list));
    expect(encodePage(list).toString()).to.equal(encodePage(page([one])));
  });

  it('take no more memory than their length, and share none with others', () => {
    const bytes = encodePage(Object.freeze(page([task()])));
    if (typeof bytes === 'string') throw new Error('What is kept is kept as bytes');
    expect(bytes.buffer.byteLength).to.equal(bytes.length);
  });
});
