import { expect } from 'chai';
import {
  everyTask,
  matchesFilter,
  maxSearchLength,
  parseSearch,
  type TaskFilter,
} from '../../../src/domain/task-filter.ts';
import type { Task } from '../../../src/domain/task.ts';
import {
  anOwner,
  aTask,
  bareFields,
  description,
  dueBound,
  dueDate,
  instant,
  revision,
  searchText,
  tags,
  title,
} from '../../support/tasks/tasks.ts';

describe('parseSearch', () => {
  for (const [what, text, folded] of [
    ['a character', 'x', 'x'],
    ['white space around the text', '\u00a0 Two  words\t', 'two  words'],
    ['upper case and a decomposed letter', 'CAFE\u0301 au lait', 'caf\u00e9 au lait'],
    ['200 characters of two units each', '😀'.repeat(200), '😀'.repeat(200)],
    ['200 characters between spaces', ` ${'a'.repeat(200)} `, 'a'.repeat(200)],
    ['the wildcards of SQL', '%_\\', '%_\\'],
  ] as const)
    it(`given ${what}: trimmed and folded`, () => {
      expect(parseSearch(text)).to.deep.equal({ ok: true, value: folded });
    });

  for (const [what, text, problem] of [
    ['an empty text', '', 'must have 1 to 200 characters'],
    ['white space alone', ' \u3000\n', 'must have 1 to 200 characters'],
    ['201 characters', '😀'.repeat(201), 'must have 1 to 200 characters'],
    ['U+0000', 'a\0', 'must not contain U+0000 or half of a surrogate pair'],
    ['a lone surrogate', '\ud800', 'must not contain U+0000 or half of a surrogate pair'],
  ] as const)
    it(`given ${what}: ${problem}`, () => {
      expect(parseSearch(text)).to.deep.equal({ ok: false, problem });
    });

  it('given the longest text: it has 200 characters', () => {
    expect(maxSearchLength).to.equal(200);
  });
});

describe('matchesFilter', () => {
  const task = (fields: Partial<Task> = {}): Task => ({
    ...aTask(),
    owner: anOwner().id,
    updatedAt: instant(0),
    revision: revision(1),
    ...bareFields,
    ...fields,
  });
  const has = (fields: Partial<Task>, filter: Partial<TaskFilter>): boolean =>
    matchesFilter(task(fields), { ...everyTask, ...filter });

  const full = {
    title: title('Buy milk'),
    description: description('at the market'),
    completed: true,
    priority: 'high',
    dueDate: dueDate('2026-11-30'),
    tags: tags('home', 'Home office'),
  } as const;

  it('given no condition: every task is in the list', () => {
    for (const fields of [{}, full]) expect(has(fields, {})).to.be.true;
  });

  const conditions: readonly (readonly [
    what: string,
    met: Partial<TaskFilter>,
    unmet: Partial<TaskFilter>,
  ])[] = [
    ['status', { status: 'completed' }, { status: 'pending' }],
    ['priorities', { priorities: ['low', 'high'] }, { priorities: ['low', 'medium'] }],
    ['tag', { tag: tags('home')[0]! }, { tag: tags('office')[0]! }],
    ['tags', { tags: tags('work', 'Home office') }, { tags: tags('HOME', 'home office') }],
    ['due from', { dueFrom: dueBound('2026-11-30') }, { dueFrom: dueBound('2026-12-01') }],
    ['due before', { dueBefore: dueBound('2026-12-01') }, { dueBefore: dueBound('2026-11-30') }],
    ['search', { search: searchText('MARKET') }, { search: searchText('supermarket') }],
  ];
  for (const [what, met, unmet] of conditions) {
    it(`given a condition on ${what}: the task that meets it is in the list`, () => {
      expect(has(full, met)).to.be.true;
      expect(has(full, unmet)).to.be.false;
    });

    it(`given that only the condition on ${what} is not met: the task is not in the list`, () => {
      const others = conditions.filter((condition) => condition[0] !== what).map((condition) => condition[1]);
      const filter = others.reduce((all, condition) => ({ ...all, ...condition }), {});
      expect(has(full, { ...filter, ...met })).to.be.true;
      expect(has(full, { ...filter, ...unmet })).to.be.false;
    });
  }

  it('given status pending: completed tasks are not in the list, and others are', () => {
    expect(has({ completed: false }, { status: 'pending' })).to.be.true;
    expect(has({ completed: false }, { status: 'completed' })).to.be.false;
  });

  it('given no priority or no tag to choose from: no task is in the list', () => {
    expect(has(full, { priorities: [] })).to.be.false;
    expect(has(full, { tags: [] })).to.be.false;
  });

  describe('given due dates', () => {
    const inside: readonly (readonly [due: string, from: string | null, before: string | null])[] = [
      ['2026-11-30', '2026-11-30', null],
      ['2026-11-30', '2026-11-30T00:00:00Z', null],
      ['2026-11-30T00:00:00Z', '2026-11-30', null],
      ['2026-11-30', null, '2026-11-30T00:00:00.001Z'],
      ['2026-11-30T00:00:00Z', null, '2026-11-30T00:00:00.001Z'],
      ['2026-11-29T23:59:59.999Z', null, '2026-11-30'],
      ['2026-11-30T23:00-02:00', '2026-12-01', '2026-12-02'],
      ['1970-01-01', '1970-01-01', '1970-01-02'],
      ['9999-12-31T23:59:59.999Z', '9999-12-31', null],
    ];
    const outside: typeof inside = [
      ['2026-11-30', '2026-11-30T00:00:00.001Z', null],
      ['2026-11-29T23:59:59.999Z', '2026-11-30', null],
      ['2026-11-30', null, '2026-11-30'],
      ['2026-11-30', null, '2026-11-30T00:00:00Z'],
      ['2026-11-30T00:00:00Z', null, '2026-11-30'],
      ['2026-11-30', '2026-11-30', '2026-11-30'],
      ['2026-11-30', '2026-11-29', '2026-11-30'],
      ['2026-11-30', '2026-12-01', '2026-12-02'],
      ['2026-11-30', '2026-12-01', '2026-11-01'],
    ];
    for (const [dates, isInside] of [
      [inside, true],
      [outside, false],
    ] as const)
      for (const [due, from, before] of dates)
        it(`given ${due}, from ${from ?? '-'}, before ${before ?? '-'}: ${isInside ? '' : 'not '}in the list`, () => {
          const filter = {
            dueFrom: from === null ? null : dueBound(from),
            dueBefore: before === null ? null : dueBound(before),
          };
          expect(has({ dueDate: dueDate(due) }, filter)).to.equal(isInside);
        });

    it('given no due date: not in the list, whichever bound there is', () => {
      const [dueFrom, dueBefore] = [dueBound('1970-01-01'), dueBound('9999-12-31T23:59:59.999Z')];
      for (const filter of [{ dueFrom }, { dueBefore }, { dueFrom, dueBefore }])
        expect(has({ dueDate: null }, filter)).to.be.false;
    });
  });

  describe('given a text to search for', () => {
    for (const [what, text, found] of [
      ['a part of the title', 'uy mi', true],
      ['a part of the description', 'the mark', true],
      ['the whole title', 'buy milk', true],
      ['another text', 'bread', false],
      ['a text over the border of title and description', 'milkat', false],
      ['a text over the border, with a space', 'milk at', false],
      ['a wildcard of SQL', 'b%k', false],
      ['a wildcard of SQL for one character', 'm_lk', false],
    ] as const)
      it(`given ${what}: ${found ? '' : 'not '}in the list`, () => {
        expect(has(full, { search: searchText(text) })).to.equal(found);
      });

    it('given a task without a description: the title alone counts', () => {
      expect(has({ description: null }, { search: searchText('milk') })).to.be.true;
      expect(has({ description: null }, { search: searchText('null') })).to.be.false;
    });

    it('given upper case and decomposed letters in the task: they make no difference', () => {
      expect(has({ title: title('CAFE\u0301') }, { search: searchText('caf\u00e9') })).to.be.true;
      expect(has({ description: description('CAFE\u0301') }, { search: searchText('caf\u00e9') })).to.be.true;
    });
  });
});
