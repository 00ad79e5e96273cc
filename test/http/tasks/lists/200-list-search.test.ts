import { expect } from 'chai';
import { describeOnEachStore, urlSchemes } from '../../../support/http/suites.ts';
import { titlesOf } from '../../../support/tasks/list-answers.ts';
import { kept } from '../../../support/tasks/task-requests.ts';

const texts: readonly (readonly [what: string, search: string, text: string, isFound: boolean])[] = [
  ['the same text', 'Buy milk', 'Buy milk', true],
  ['a part', 'y m', 'Buy milk', true],
  ['one character', 'k', 'Buy milk', true],
  ['white space around it', ' \n milk\t', 'Buy milk', true],
  ['white space inside', 'buy  milk', 'Buy milk', false],
  ['another text', 'bread', 'Buy milk', false],
  ['upper case', 'MILK', 'Buy milk', true],
  ['lower case', 'milk', 'BUY MILK', true],
  ['a decomposed letter', 'Zoe\u0308', 'call Zo\u00eb', true],
  ['a composed letter', 'ZO\u00cb', 'call zoe\u0308', true],
  ['a letter without its accent', 'zoe', 'call Zo\u00eb', false],
  ['a final sigma', '\u03a3', '\u03bf\u03b4\u03cc\u03c2', true],
  ['a capital sharp s', '\u1e9e', 'Stra\u00dfe', true],
  ['a sharp s as two letters', 'strasse', 'Stra\u00dfe', false],
  ['a letter beyond U+FFFF', '\u{10428}', '\u{10400}', true],
  ['an emoji', '\u{1f95b}', 'Buy \u{1f95b}', true],
  ['an emoji of other code points', '\u{1f468}\u200d\u{1f469}', '\u{1f468}\u{1f469}', false],
  ['right-to-left text', '\u05d7\u05dc\u05d1', '\u05dc\u05e7\u05e0\u05d5\u05ea \u05d7\u05dc\u05d1', true],
  ['a percent sign', '%', 'Buy milk', false],
  ['a percent sign that is there', '0%', 'Buy 100% of it', true],
  ['an underscore', '_', 'Buy milk', false],
  ['an underscore that is there', 'y_m', 'Buy_milk', true],
  ['a backslash', '\\', 'Buy milk', false],
  ['a backslash that is there', '\\m', 'Buy \\milk', true],
  ['an escaped percent sign', '\\%', '100%', false],
  ['a quote', "' OR 1=1 --", "it's", false],
  ['a regular expression', '.*', 'Buy milk', false],
  ['200 characters', '\u{1f95b}'.repeat(200), '\u{1f95b}'.repeat(200), true],
  ['200 characters and blanks', `  ${'a'.repeat(200)}  `, 'a'.repeat(200), true],
];

describeOnEachStore('200 list, search', (service) => {
  for (const [what, search, text, isFound] of texts)
    it(`given ${what}: ${isFound ? 'found' : 'not found'} in title and description`, async () => {
      const user = await service().user();
      await kept(user, { title: 'by description', description: text });
      await kept(user, { title: text });
      await kept(user, { title: 'none', description: null });
      const expected = isFound ? [text, 'by description'] : [];
      for (const scheme of urlSchemes)
        for (const name of ['search', 'q']) {
          const answer = await user.get(`${user.lists[scheme]}?${name}=${encodeURIComponent(search)}`);
          expect(titlesOf(answer), `${name}, ${scheme}`).to.deep.equal(expected);
        }
    });

  it('given + in the query: a space', async () => {
    const user = await service().user();
    await kept(user, { title: 'Buy milk' });
    expect(titlesOf(await user.get(`${user.lists.own}?q=buy+milk`))).to.deep.equal(['Buy milk']);
  });

  it('given a text that another user has: not found', async () => {
    const [user, other] = [await service().user(), await service().user()];
    await kept(other, { title: 'Buy milk' });
    expect(titlesOf(await user.get(`${user.lists.own}?search=milk`))).to.deep.equal([]);
  });

  it('given a changed and a deleted task: the search follows', async () => {
    const user = await service().user();
    const list = user.lists.own;
    const task = await kept(user, { title: 'Buy milk' });
    const found = async (search: string) => titlesOf(await user.get(`${list}?search=${search}`));
    expect(await found('milk')).to.deep.equal(['Buy milk']);
    await user.patch(`${list}/${task.id}`, { title: 'Buy bread', description: 'rye' });
    expect([await found('milk'), await found('RYE')]).to.deep.equal([[], ['Buy bread']]);
    await user.delete(`${list}/${task.id}`);
    expect(await found('bread')).to.deep.equal([]);
  });

  it('given search with filters: tasks that meet all of them', async () => {
    const user = await service().user();
    await kept(user, { title: 'Milk 1', completed: true, tags: ['shop'] });
    await kept(user, { title: 'Milk 2', tags: ['shop'] });
    await kept(user, { title: 'Bread', tags: ['shop'] });
    const answer = await user.get(`${user.lists.own}?q=milk&completed=false&tag=shop`);
    expect(titlesOf(answer)).to.deep.equal(['Milk 2']);
  });
});
