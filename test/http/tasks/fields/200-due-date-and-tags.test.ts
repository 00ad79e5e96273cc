import { expect } from 'chai';
import { taskOf } from '../../../support/http/response-schemas.ts';
import { describeOnEachStore } from '../../../support/http/suites.ts';
import { kept } from '../../../support/tasks/task-requests.ts';

const accepted: readonly (readonly [sent: string | null, returned: string | null])[] = [
  [null, null],
  ['', null],
  ['2026-11-30', '2026-11-30'],
  ['1970-01-01', '1970-01-01'],
  ['9999-12-31', '9999-12-31'],
  ['2028-02-29', '2028-02-29'],
  ['2026-11-30T08:00:00Z', '2026-11-30T08:00:00.000Z'],
  ['2026-11-30t08:00:00z', '2026-11-30T08:00:00.000Z'],
  ['2026-11-30T08:00', '2026-11-30T08:00:00.000Z'],
  ['2026-11-30T08:00Z', '2026-11-30T08:00:00.000Z'],
  ['2026-11-30T08:00:07', '2026-11-30T08:00:07.000Z'],
  ['2026-11-30T08:00:07.5', '2026-11-30T08:00:07.500Z'],
  ['2026-11-30T08:00:07.123999Z', '2026-11-30T08:00:07.123Z'],
  [`2026-11-30T08:00:07.${'9'.repeat(20_000)}Z`, '2026-11-30T08:00:07.999Z'],
  ['2026-11-30T08:00:00+05:30', '2026-11-30T02:30:00.000Z'],
  ['2026-11-30T20:00:00-05:00', '2026-12-01T01:00:00.000Z'],
  ['2026-11-30T08:00-00:00', '2026-11-30T08:00:00.000Z'],
  ['1969-12-31T23:30:00-01:00', '1970-01-01T00:30:00.000Z'],
  ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
];

describeOnEachStore('200 due date', (service) => {
  for (const [sent, returned] of accepted)
    it(`given ${JSON.stringify(sent).slice(0, 50)}: returned as ${returned}`, async () => {
      const user = await service().user();
      const created = await kept(user, { due_date: sent });
      expect(created.due_date).to.equal(returned);
      const other = await kept(user, { due_date: '2000-01-01' });
      const changed = await user.patch(`/api/tasks/${other.id}`, { due_date: sent });
      expect(taskOf(changed).due_date).to.equal(returned);
      expect(taskOf(await user.get(`/api/tasks/${other.id}`)).due_date).to.equal(returned);
    });
});

describeOnEachStore('200 tags', (service) => {
  for (const [what, sent, returned] of [
    ['null', null, []],
    ['no tags', [], []],
    ['a tag twice', ['b', 'a', 'b'], ['b', 'a']],
    ['a tag twice, once with blanks', [' a\u00a0', 'a'], ['a']],
    ['tags that differ in case', ['Home', 'home'], ['Home', 'home']],
    ['tags of 50 characters', ['😀'.repeat(50)], ['😀'.repeat(50)]],
    ['20 tags, each of them twice', [...twenty(), ...twenty()], twenty()],
    ['a tag with a comma', ['a,b'], ['a,b']],
    [
      'tags with the syntax of arrays',
      ['{', '}', '"', '\\', 'NULL', 'null', ' , '],
      ['{', '}', '"', '\\', 'NULL', 'null', ','],
    ],
    [
      'tags of many scripts',
      ['ćwiczyć', 'שלום', '買い物', 'e\u0301', '\u200b'],
      ['ćwiczyć', 'שלום', '買い物', 'e\u0301', '\u200b'],
    ],
  ] as const)
    it(`given ${what}: trimmed, and kept once in the order of first appearance`, async () => {
      const user = await service().user();
      expect((await kept(user, { tags: sent })).tags).to.deep.equal(returned);
      const { id } = await kept(user, { tags: ['old'] });
      expect(taskOf(await user.put(`/api/tasks/${id}`, { tags: sent })).tags).to.deep.equal(returned);
      expect(taskOf(await user.get(`/api/tasks/${id}`)).tags).to.deep.equal(returned);
    });
});

describeOnEachStore('200 priority', (service) => {
  it('given null: medium, in a new task and in a change', async () => {
    const user = await service().user();
    expect((await kept(user, { priority: null })).priority).to.equal('medium');
    const { id } = await kept(user, { priority: 'high' });
    expect(taskOf(await user.patch(`/api/tasks/${id}`, { priority: null })).priority).to.equal('medium');
  });
});

function twenty(): readonly string[] {
  return Array.from({ length: 20 }, (_, n) => `tag ${n}`);
}
