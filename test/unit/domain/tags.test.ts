import { expect } from 'chai';
import { parseTag, parseTags, type Tag } from '../../../src/domain/tags.ts';
import { tags } from '../../support/tasks/tasks.ts';

describe('parseTag', () => {
  for (const [text, value] of [
    ['a', 'a'],
    ['home', 'home'],
    ['\u00a0 two words\t', 'two words'],
    ['😀'.repeat(50), '😀'.repeat(50)],
  ] as const)
    it(`given ${JSON.stringify(text)}: trimmed`, () => {
      expect(parseTag(text)).to.deep.equal({ ok: true, value });
    });

  for (const [text, problem] of [
    ['', 'must have 1 to 50 characters'],
    [' \u3000', 'must have 1 to 50 characters'],
    ['😀'.repeat(51), 'must have 1 to 50 characters'],
    ['a\0', 'must not contain U+0000 or half of a surrogate pair'],
    ['a\ud800', 'must not contain U+0000 or half of a surrogate pair'],
  ] as const)
    it(`given ${JSON.stringify(text)}: ${problem}`, () => {
      expect(parseTag(text)).to.deep.equal({ ok: false, problem });
    });
});

describe('parseTags', () => {
  const numbered = (count: number): readonly Tag[] =>
    Array.from({ length: count }, (_, n) => tags(`tag ${n}`)).flat();

  it('given a tag twice: kept once, where it stands first', () => {
    const [a, b] = numbered(2);
    expect(parseTags([b!, a!, b!])).to.deep.equal({ ok: true, value: [b, a] });
  });

  it('given 20 different tags, each of them twice: accepted', () => {
    expect(parseTags([...numbered(20), ...numbered(20)])).to.deep.equal({ ok: true, value: numbered(20) });
  });

  it('given 21 different tags: refused', () => {
    expect(parseTags(numbered(21))).to.deep.equal({ ok: false, problem: 'must have at most 20 tags' });
  });

  it('given any tags: the list cannot be changed', () => {
    const parsed = parseTags(numbered(2));
    expect(parsed.ok && Object.isFrozen(parsed.value)).to.equal(true);
  });
});
