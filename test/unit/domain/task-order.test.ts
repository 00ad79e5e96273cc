import { expect } from 'chai';
import {
  comparePositions,
  defaultDirections,
  directions,
  isSortValue,
  newestFirst,
  positionOf,
  sortValue,
  type OrderBy,
  type Position,
} from '../../../src/domain/task-order.ts';
import type { Task } from '../../../src/domain/task.ts';
import { anOwner, aTask, dueDate, instant, revision, taskId, title } from '../../support/tasks/tasks.ts';

const task = (fields: Partial<Task> = {}): Task => ({
  ...aTask(),
  owner: anOwner().id,
  updatedAt: instant(0),
  revision: revision(1),
  ...fields,
});

describe('the default direction of an order', () => {
  it('given each order: newest first, A to Z, soonest due, high before low', () => {
    expect(defaultDirections).to.deep.equal({
      createdAt: 'desc',
      updatedAt: 'desc',
      title: 'asc',
      dueDate: 'asc',
      priority: 'desc',
    });
    expect(directions).to.deep.equal(['asc', 'desc']);
  });
});

describe('sortValue', () => {
  for (const [what, by, fields, value] of [
    ['the time of creation', 'createdAt', { createdAt: instant(1) }, instant(1)],
    ['the time of the last change', 'updatedAt', { updatedAt: instant(2) }, instant(2)],
    ['a title in upper case, decomposed', 'title', { title: title('CAFE\u0301') }, 'caf\u00e9\0CAFE\u0301'],
    ['a day', 'dueDate', { dueDate: dueDate('2026-11-30') }, '2026-11-30T00:00:00.000Z'],
    ['an instant', 'dueDate', { dueDate: dueDate('2026-11-30T08:00Z') }, '2026-11-30T08:00:00.000Z'],
    ['no due date', 'dueDate', { dueDate: null }, null],
    ['priority low', 'priority', { priority: 'low' }, '1'],
    ['priority medium', 'priority', { priority: 'medium' }, '2'],
    ['priority high', 'priority', { priority: 'high' }, '3'],
  ] as const)
    it(`given ${what}: ${JSON.stringify(value)}`, () => {
      expect(sortValue(task(fields), by)).to.equal(value);
      expect(isSortValue(value, by)).to.be.true;
    });
});

describe('positionOf', () => {
  it('given a task and an order: the value of this order, the time of creation and the id', () => {
    const given = task({ id: taskId(7), createdAt: instant(1), updatedAt: instant(2), priority: 'high' });
    const position = { createdAt: instant(1), id: taskId(7) };
    expect(positionOf(given, newestFirst)).to.deep.equal({ ...position, value: instant(1) });
    expect(positionOf(given, { by: 'updatedAt', direction: 'asc' })).to.deep.equal({
      ...position,
      value: instant(2),
    });
    expect(positionOf(given, { by: 'priority', direction: 'desc' })).to.deep.equal({
      ...position,
      value: '3',
    });
  });
});

describe('isSortValue', () => {
  const valid: readonly (readonly [by: OrderBy, value: string | null])[] = [
    ['createdAt', instant(0)],
    ['updatedAt', instant(0)],
    ['dueDate', instant(0)],
    ['dueDate', null],
    ['title', 'a b\0A b'],
    ['title', '\u00df 買牛奶 😀\0\u00df 買牛奶 😀'],
    ['title', 'null\0null'],
    ['title', 'e\u0301 of another folding\0E\u0301 of another folding'],
    ['priority', '1'],
    ['priority', '2'],
    ['priority', '3'],
  ];
  for (const [by, value] of valid)
    it(`given ${JSON.stringify(value)} for ${by}: true`, () => {
      expect(isSortValue(value, by)).to.be.true;
    });

  const invalid: typeof valid = [
    ...(['createdAt', 'updatedAt', 'title', 'priority'] as const).map((by) => [by, null] as const),
    ...(['createdAt', 'updatedAt', 'dueDate'] as const).flatMap((by) =>
      ['', '2026-11-21', '2026-11-21T08:00:00Z', 'a', '1'].map((value) => [by, value] as const),
    ),
    ...['', 'a', '\0', 'a\0', '\0a', 'a\0a\0', 'a\0a\0a', 'a\ud800\0a', 'a\0a\ud800'].map(
      (value) => ['title', value] as const,
    ),
    ...['', '0', '4', '01', '1 ', 'low', '1.0'].map((value) => ['priority', value] as const),
  ];
  for (const [by, value] of invalid)
    it(`given ${JSON.stringify(value)} for ${by}: false`, () => {
      expect(isSortValue(value, by)).to.be.false;
    });
});

describe('comparePositions', () => {
  const at = (value: string | null, created = 0, id = 1): Position => ({
    value,
    createdAt: instant(created),
    id: taskId(id),
  });
  const sorted = (positions: readonly Position[], direction: 'asc' | 'desc'): readonly Position[] =>
    positions.toSorted(comparePositions({ by: 'title', direction }));

  // Neither the order of UTF-16 units nor that of a language.
  const values = ['2', 'a', 'a b', 'ab', 'z', '\u00e4', '\ufffd', '\u{1f600}'].map((value) => at(value));

  it('given values: orders them by code point', () => {
    const shuffled = [3, 7, 0, 5, 2, 6, 1, 4].map((n) => values[n]!);
    expect(sorted(shuffled, 'asc')).to.deep.equal(values);
    expect(sorted(shuffled, 'desc')).to.deep.equal(values.toReversed());
  });

  it('given no value: last in both directions', () => {
    const [none, low, high] = [at(null), at('a'), at('b')];
    for (const given of [
      [none, low, high],
      [high, none, low],
      [low, high, none],
    ]) {
      expect(sorted(given, 'asc')).to.deep.equal([low, high, none]);
      expect(sorted(given, 'desc')).to.deep.equal([high, low, none]);
    }
  });

  it('given equal values, or none: newest first and then by id, descending, in both directions', () => {
    for (const value of ['a', null]) {
      const expected = [at(value, 2, 1), at(value, 1, 3), at(value, 1, 2), at(value, 0, 4)];
      for (const direction of directions)
        expect(sorted(expected.toReversed(), direction)).to.deep.equal(expected);
    }
  });

  it('given any two positions: the first one is before the other, or behind it where they are swapped', () => {
    const ordered = [at('b', 2, 1), at('b', 1, 3), at('b', 1, 2), at('a'), at(null, 1), at(null)];
    const compare = comparePositions({ by: 'title', direction: 'desc' });
    for (const [index, a] of ordered.entries())
      for (const [other, b] of ordered.entries())
        expect(Math.sign(compare(a, b))).to.equal(Math.sign(index - other));
  });

  it('given the same position twice: 0', () => {
    for (const direction of directions)
      for (const value of ['a', null])
        expect(comparePositions({ by: 'dueDate', direction })(at(value), at(value))).to.equal(0);
  });
});
