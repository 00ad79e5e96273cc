import { expect } from 'chai';
import { describeOnEachStore, urlSchemes } from '../../../support/http/suites.ts';
import { titlesOf } from '../../../support/tasks/list-answers.ts';
import { kept } from '../../../support/tasks/task-requests.ts';

/** From the oldest to the newest; lists show them in the reverse order. */
const drafts = [
  { title: 'bread', priority: 'high', tags: ['shop', 'home'], due_date: '2026-11-30' },
  { title: 'milk', priority: 'medium', tags: ['shop'], due_date: '2026-11-30T08:00:00Z' },
  { title: 'call', priority: 'low', tags: ['a,b', 'Shop'], due_date: '2026-12-01', completed: true },
  { title: 'rest', priority: 'medium' },
];

const filters: readonly (readonly [query: string, titles: readonly string[]])[] = [
  ['priority=high', ['bread']],
  ['priority=medium', ['rest', 'milk']],
  ['priority=low,high', ['call', 'bread']],
  ['priority=low%2Chigh', ['call', 'bread']],
  ['priority=high,high', ['bread']],
  ['priority=low,medium,high', ['rest', 'call', 'milk', 'bread']],
  ['tag=shop', ['milk', 'bread']],
  ['tag=%20shop+', ['milk', 'bread']],
  ['tag=Shop', ['call']],
  ['tag=sho', []],
  ['tag=%25', []],
  ['tag=a,b', ['call']],
  ['tag=a', []],
  ['tags=home', ['bread']],
  ['tags=home,Shop', ['call', 'bread']],
  ['tags=home,home,%20shop%20', ['milk', 'bread']],
  ['tags=a,b', []],
  ['tags=shop&tag=home', ['bread']],
  [`tags=${Array.from({ length: 300 }, (_, n) => `tag${n}`).join()},home`, ['bread']],
  ['due_after=2026-11-30', ['call', 'milk', 'bread']],
  ['due_after=2026-11-30T00:00:00.001Z', ['call', 'milk']],
  ['due_after=2026-11-30t08:00z', ['call', 'milk']],
  ['due_after=2026-11-30T09:00%2B01:00', ['call', 'milk']],
  ['due_after=2026-11-30T08:00', ['call', 'milk']],
  ['due_after=2026-11-30T08:00:00.0019Z', ['call']],
  ['due_after=2026-12-01', ['call']],
  ['due_after=2026-12-01T00:00:00.001Z', []],
  ['due_before=2026-11-30', []],
  ['due_before=2026-11-30T00:00:00.001Z', ['bread']],
  ['due_before=2026-11-30T08:00:00Z', ['bread']],
  ['due_before=2026-12-01', ['milk', 'bread']],
  ['due_before=9999-12-31', ['call', 'milk', 'bread']],
  ['due_after=2026-11-30&due_before=2026-12-01', ['milk', 'bread']],
  ['due_after=2026-11-30T08:00Z&due_before=2026-11-30T08:00Z', []],
  ['due_after=2026-12-01&due_before=2026-11-30', []],
  ['status=pending&priority=medium&tags=shop,home', ['milk']],
  ['completed=true&priority=low&tag=Shop&due_after=2026-12-01', ['call']],
  ['status=completed&tag=shop', []],
];

describeOnEachStore('200 list, filters', (service) => {
  for (const [query, titles] of filters) {
    it(`given ?${query.slice(0, 70)}: ${titles.join(', ') || 'no task'}`, async () => {
      const [user, other] = [await service().user(), await service().user()];
      for (const draft of drafts) await kept(user, draft);
      for (const draft of drafts) await kept(other, { ...draft, title: 'of another user' });
      for (const scheme of urlSchemes)
        expect(titlesOf(await user.get(`${user.lists[scheme]}?${query}`)), scheme).to.deep.equal(titles);
    });
  }
});
