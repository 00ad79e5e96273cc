import { expect } from 'chai';
import { everyTask, statuses, type TaskFilter } from '../../../src/domain/task-filter.ts';
import { isPlain, taskSelection } from '../../../src/domain/task-list.ts';
import { newestFirst, type TaskOrder } from '../../../src/domain/task-order.ts';
import { orders } from '../../support/tasks/lists.ts';
import { dueBound, searchText, tags } from '../../support/tasks/tasks.ts';

const tag = (text: string) => tags(text)[0]!;

describe('taskSelection', () => {
  it('given nothing: selects all tasks, newest first', () => {
    expect(taskSelection()).to.deep.equal({ filter: everyTask, order: newestFirst, key: 'all' });
    expect(newestFirst).to.deep.equal({ by: 'createdAt', direction: 'desc' });
    expect(everyTask).to.deep.equal({
      status: 'all',
      priorities: null,
      tag: null,
      tags: null,
      dueFrom: null,
      dueBefore: null,
      search: null,
    });
  });

  it('given conditions and an order: selects by them', () => {
    const order: TaskOrder = { by: 'title', direction: 'desc' };
    const filter: TaskFilter = {
      status: 'pending',
      priorities: ['high'],
      tag: tag('a'),
      tags: tags('b'),
      dueFrom: dueBound('2026-11-30'),
      dueBefore: dueBound('2026-12-01'),
      search: searchText('milk'),
    };
    expect(taskSelection(filter, order)).to.deep.include({ filter, order });
  });

  it('given conditions that are null: the same as without them', () => {
    expect(taskSelection(everyTask)).to.deep.equal(taskSelection());
  });

  it('given priorities and tags in another order, or twice: an equal selection', () => {
    const selection = taskSelection({ priorities: ['high', 'low'], tags: tags('b', 'a') });
    expect(selection.filter).to.deep.include({ priorities: ['high', 'low'], tags: ['a', 'b'] });
    const [a, b] = [tag('a'), tag('b')];
    expect(taskSelection({ priorities: ['low', 'high', 'low'], tags: [a, b, a] })).to.deep.equal(selection);
  });

  it('given its arguments: does not change them', () => {
    const given = Object.freeze({
      priorities: Object.freeze(['low', 'high'] as const),
      tags: Object.freeze([tag('b'), tag('a')]),
    });
    taskSelection(given);
    expect(given).to.deep.equal({ priorities: ['low', 'high'], tags: ['b', 'a'] });
  });
});

describe('the key of a selection', () => {
  const texts = [
    'a',
    'A',
    'a,b',
    'a&search=b',
    'a&tag=b',
    'a%2Cb',
    'a=b',
    'ü',
    '买 牛奶',
    '😀',
    'all',
    "(!*'~)",
  ];
  const filters: readonly Partial<TaskFilter>[] = [
    ...statuses.map((status) => ({ status })),
    { priorities: [] },
    { priorities: ['low'] },
    { priorities: ['low', 'high'] },
    ...texts.map((text) => ({ tag: tag(text) })),
    { tags: [] },
    ...texts.map((text) => ({ tags: tags(text) })),
    { tags: tags('a', 'b') },
    { tag: tag('a'), tags: tags('b') },
    { tag: tag('b'), tags: tags('a') },
    { dueFrom: dueBound('2026-11-30') },
    { dueBefore: dueBound('2026-11-30') },
    { dueFrom: dueBound('2026-11-30'), dueBefore: dueBound('2026-12-01') },
    ...texts.filter((text) => text !== 'A').map((text) => ({ search: searchText(text) })),
    { tag: tag('a'), search: searchText('b') },
    { status: 'pending', tag: tag('a'), search: searchText('b') },
  ];
  it('given other filters or orders: another key', () => {
    const keys = filters.flatMap((filter) => orders.map((order) => taskSelection(filter, order).key));
    expect(keys).to.have.length(filters.length * 10);
    expect(new Set(keys).size).to.equal(keys.length);
  });

  it('given any filter and order: ASCII without spaces', () => {
    for (const filter of filters)
      for (const order of orders) expect(taskSelection(filter, order).key).to.match(/^[\x21-\x7e]+$/);
  });

  it('given a status alone: the status', () => {
    for (const status of statuses) expect(taskSelection({ status }).key).to.equal(status);
  });
});

describe('isPlain', () => {
  it('given a status alone, newest first: true', () => {
    for (const status of statuses) expect(isPlain(taskSelection({ status }))).to.be.true;
  });

  it('given another condition or another order: false', () => {
    expect(isPlain(taskSelection({ priorities: ['low'] }))).to.be.false;
    expect(isPlain(taskSelection({ search: searchText('all') }))).to.be.false;
    expect(isPlain(taskSelection({}, { by: 'createdAt', direction: 'asc' }))).to.be.false;
    expect(isPlain(taskSelection({}, { by: 'updatedAt', direction: 'desc' }))).to.be.false;
  });
});
