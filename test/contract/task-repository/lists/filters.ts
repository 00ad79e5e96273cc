import { expect } from 'chai';
import type { TaskFilter } from '../../../../src/domain/task-filter.ts';
import { priorities, type Task } from '../../../../src/domain/task.ts';
import { inBatches } from '../../../support/in-batches.ts';
import { listedTitles } from '../../../support/tasks/lists.ts';
import {
  anOwner,
  aQuery,
  aTask,
  description,
  dueBound,
  dueDate,
  instant,
  searchText,
  tags,
  title,
} from '../../../support/tasks/tasks.ts';
import type { ContractTests } from '../../task-repository.ts';

type Condition = readonly [name: string, filter: Partial<TaskFilter>, isMet: (task: Task) => boolean];

const tag = (text: string) => tags(text)[0]!;
const hasTag = (task: Task, text: string): boolean => task.tags.some((one) => one === text);

const conditions: readonly Condition[] = [
  ['status pending', { status: 'pending' }, (task) => !task.completed],
  ['status completed', { status: 'completed' }, (task) => task.completed],
  ['one priority', { priorities: ['low'] }, ({ priority }) => priority === 'low'],
  ['two priorities', { priorities: ['high', 'low'] }, ({ priority }) => priority !== 'medium'],
  ['every priority', { priorities }, () => true],
  ['no priority', { priorities: [] }, () => false],
  ['a tag', { tag: tag('home') }, (task) => hasTag(task, 'home')],
  ['a tag that no task has', { tag: tag('ome') }, () => false],
  ['one of one tag', { tags: tags('work') }, (task) => hasTag(task, 'work')],
  ['one of two tags', { tags: tags('work', 'home') }, (task) => hasTag(task, 'work') || hasTag(task, 'home')],
  ['one of no tags', { tags: [] }, () => false],
  ['due from', { dueFrom: dueBound('2026-11-30T12:00Z') }, ({ dueDate }) => dueDate?.length === 24],
  ['due before', { dueBefore: dueBound('2026-11-30T12:00Z') }, ({ dueDate }) => dueDate?.length === 10],
  ['a part of the title', { search: searchText('MILK') }, (task) => task.title.includes('milk')],
  ['a part of the description', { search: searchText('Market') }, (task) => task.description !== null],
];

export const filterTests: ContractTests = (tasks) => {
  describe('given a task for every combination of fields', () => {
    const owner = anOwner();
    const stranger = anOwner();
    let all: readonly Task[] = [];
    before(async () => {
      const fields = [false, true].flatMap((completed) =>
        priorities.flatMap((priority) =>
          [[], ['home'], ['home', 'work'], ['Home', 'work at home']].flatMap((texts) =>
            [null, dueDate('2026-11-30'), dueDate('2026-11-30T12:00Z')].flatMap((due) => [
              { completed, priority, tags: tags(...texts), dueDate: due, title: title('Buy milk') },
              {
                completed,
                priority,
                tags: tags(...texts),
                dueDate: due,
                description: description('at the market'),
              },
            ]),
          ),
        ),
      );
      const drafts = fields.map((field) => aTask({ title: title('Buy bread'), ...field }));
      for (const user of [owner, stranger]) await inBatches(20, drafts, (draft) => tasks().add(user, draft));
      all = (await tasks().list(owner.id, aQuery())).tasks;
      expect(all).to.have.length(144);
    });

    const expectListed = async (filter: Partial<TaskFilter>, areMet: (task: Task) => boolean) => {
      const page = await tasks().list(owner.id, aQuery(filter));
      expect(page.tasks).to.deep.equal(all.filter(areMet));
    };

    for (const [name, filter, isMet] of conditions)
      it(`given the condition ${name}: lists the tasks of the user that meet it`, () =>
        expectListed(filter, isMet));

    for (const [index, [name, filter, isMet]] of conditions.entries())
      it(`given the condition ${name} and any other one: lists the tasks that meet both`, async () => {
        const others = conditions
          .slice(index + 1)
          .filter(([, other]) => Object.keys(other).every((member) => !(member in filter)));
        for (const [, other, otherIsMet] of others)
          await expectListed({ ...filter, ...other }, (task) => isMet(task) && otherIsMet(task));
      });

    it('given every condition at once: lists the tasks that meet all', () =>
      expectListed(
        {
          status: 'pending',
          priorities: ['low', 'high'],
          tag: tag('home'),
          tags: tags('work', 'school'),
          dueFrom: dueBound('2026-11-30'),
          dueBefore: dueBound('2026-11-30T12:00:00.001Z'),
          search: searchText('buy milk'),
        },
        (task) =>
          !task.completed &&
          task.priority !== 'medium' &&
          hasTag(task, 'home') &&
          hasTag(task, 'work') &&
          task.dueDate !== null &&
          task.title.includes('milk'),
      ));
  });

  describe('given tags', () => {
    const texts = [
      'home',
      'Home',
      'HOME',
      'hom',
      'home office',
      'home,office',
      'caf\u00e9',
      'cafe\u0301',
      'a "quoted" one',
      'back\\slash',
      '{a,b}',
      '{}',
      'NULL',
      "it's",
      '%',
      '_',
      '😀',
      '\ufffd',
    ];
    const owner = anOwner();
    before(async () => {
      for (const text of texts)
        await tasks().add(owner, aTask({ title: title(text), tags: tags('other', text, `${text} too`) }));
      await tasks().add(owner, aTask({ title: title('without tags') }));
    });

    for (const text of texts)
      it(`given the tag ${JSON.stringify(text)}: lists the task that has exactly this tag`, async () => {
        for (const filter of [{ tag: tag(text) }, { tags: tags(text) }, { tags: tags('none', text) }])
          expect(await listedTitles(tasks(), owner.id, aQuery(filter))).to.deep.equal([text]);
      });

    it('given a tag of several tasks: lists all of them', async () => {
      const others = await listedTitles(tasks(), owner.id, aQuery({ tag: tag('other') }));
      expect(others).to.deep.equal(texts.toReversed());
    });

    it('given several tags: lists each task that has one of them once', async () => {
      const query = aQuery({ tags: tags('home', 'home too', 'Home', '😀 too') });
      expect(await listedTitles(tasks(), owner.id, query)).to.deep.equal(['😀', 'Home', 'home']);
    });
  });

  describe('given due dates', () => {
    const owner = anOwner();
    const dates = [
      '1970-01-01',
      '2026-11-29T23:59:59.999Z',
      '2026-11-30',
      '2026-11-30T00:00:00.000Z',
      '2026-11-30T00:00:00.001Z',
      '2026-11-30T12:00:00.000Z',
      '2026-12-01',
      '9999-12-31T23:59:59.999Z',
    ];
    before(async () => {
      for (const [n, date] of dates.entries())
        await tasks().add(
          owner,
          aTask({ title: title(date), dueDate: dueDate(date), createdAt: instant(-n) }),
        );
      await tasks().add(owner, aTask({ title: title('none'), dueDate: null }));
    });

    const bounds: readonly (readonly [
      from: string | null,
      before: string | null,
      first: number,
      end: number,
    ])[] = [
      ['1970-01-01', null, 0, 8],
      ['2026-11-30', null, 2, 8],
      ['2026-11-30T00:00:00Z', null, 2, 8],
      ['2026-11-30T00:00:00.001Z', null, 4, 8],
      ['2026-11-30T01:00+01:00', null, 2, 8],
      ['9999-12-31T23:59:59.999Z', null, 7, 8],
      [null, '1970-01-01', 0, 0],
      [null, '2026-11-30', 0, 2],
      [null, '2026-11-30T00:00:00Z', 0, 2],
      [null, '2026-11-30T00:00:00.001Z', 0, 4],
      [null, '9999-12-31T23:59:59.999Z', 0, 7],
      ['2026-11-30', '2026-12-01', 2, 6],
      ['2026-11-30', '2026-11-30T00:00:00.001Z', 2, 4],
      ['2026-11-30', '2026-11-30', 0, 0],
      ['2026-12-01', '2026-11-30', 0, 0],
    ];
    for (const [from, before, first, end] of bounds)
      it(`given due from ${from ?? '-'}, before ${before ?? '-'}: lists what is due then, a date at its 00:00 UTC`, async () => {
        const filter = {
          dueFrom: from === null ? null : dueBound(from),
          dueBefore: before === null ? null : dueBound(before),
        };
        expect(await listedTitles(tasks(), owner.id, aQuery(filter))).to.deep.equal(dates.slice(first, end));
      });
  });
};
