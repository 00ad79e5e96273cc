import { expect } from 'chai';
import type { TaskPage } from '../../../../src/application/ports/task-repository.ts';
import type { Task } from '../../../../src/domain/task.ts';
import { serializePage } from '../../../../src/interfaces/http/tasks/serialize-tasks.ts';
import { aTask, instant, revision, title, userId } from '../../../support/tasks/tasks.ts';

const task = (): Task => ({
  ...aTask({ title: title('Grüße, 世界 👋') }),
  owner: userId(),
  updatedAt: instant(0),
  revision: revision(1),
});
const page = (tasks: readonly Task[]): TaskPage => ({
  tasks,
  next: null,
  total: null,
  revision: revision(1),
});

describe('serializePage', () => {
  it('given the same page twice: returns the same bytes', () => {
    const list = page([task()]);
    expect(serializePage(list)).to.equal(serializePage(list));
  });

  it('given another page with the same tasks: returns equal bytes of its own', () => {
    const one = task();
    const [bytes, others] = [serializePage(page([one])), serializePage(page([one]))];
    expect(bytes).to.deep.equal(others);
    expect(bytes).not.to.equal(others);
  });

  it('given a page: its bytes share no memory with others', () => {
    const bytes = serializePage(page([task()]));
    expect(bytes.buffer.byteLength).to.equal(bytes.length);
  });
});
