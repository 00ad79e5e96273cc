import { expect } from 'chai';
import { expectLinearGrowth, type Work } from '../support/growth.ts';
import { rejection } from '../support/rejection.ts';

const blanks = (size: number): string => `\r\nx-request-id:${' '.repeat(size)}a\u001b`;

/** Readers with super-linear time, each with an input that shows it. */
const superLinear: Readonly<Record<string, (size: number) => Work>> = {
  'three quantifiers that share blanks (cubic)': (size) => {
    const text = blanks(size);
    return () => [...text.matchAll(/\r\nx-request-id:[ \t]*([^\r\n]*?)[ \t]*(?=\r\n)/gi)];
  },
  'two quantifiers that share blanks (quadratic)': (size) => {
    const text = blanks(size);
    return () => /x-request-id:[ \t]*[^\r\n]*\r\n/.exec(text);
  },
  'two quantifiers around one that can be empty (quadratic)': (size) => {
    const text = `${' '.repeat(size)}a b`;
    return () => /^[ \t]*([^ \t]*)[ \t]*$/.exec(text);
  },
  'blanks before an end that is missing (quadratic, a scan from each position)': (size) => {
    const text = `${' '.repeat(size)}a`;
    return () => /[ \t]+$/.exec(text);
  },
  'a repeated prefix (quadratic, a scan from each position)': (size) => {
    const text = 'eyJ-'.repeat(size / 4);
    return () => text.replaceAll(/\beyJ[\w-]+\.[\w-]*/g, '***');
  },
  'a list that is copied for each of its elements (quadratic)': (size) => {
    const elements = Array.from({ length: size }, (_, index) => index);
    return () => elements.reduce<readonly number[]>((list, element) => [...list, element], []);
  },
  'a remainder that is copied for each element (quadratic)': (size) => {
    const bytes = Buffer.alloc(size);
    return () => {
      for (let rest = bytes; rest.length > 0;) rest = Buffer.from(rest.subarray(1));
    };
  },
};

const linear: Readonly<Record<string, (size: number) => Work>> = {
  'an anchored expression with classes that exclude each other': (size) => {
    const text = `${blanks(size).slice(2)} b`;
    return () => /^x-request-id:[ \t]*([^ \t]+)[ \t]*$/i.exec(text);
  },
  'a list that is split and trimmed': (size) => {
    const text = ' a,'.repeat(size / 3);
    return () => text.split(',').map((element) => element.trim());
  },
  'a list that is sorted': (size) => {
    const elements = Array.from({ length: size }, (_, index) => (index * 7_919) % size);
    return () => elements.toSorted((one, other) => one - other);
  },
  'work of a constant size': () => () => 'a'.repeat(10_000).split(''),
  'no work': () => () => undefined,
};

describe('expectLinearGrowth', function () {
  this.timeout(60_000);

  for (const [what, prepare] of Object.entries(superLinear)) {
    it(`given ${what}: rejects`, async () => {
      expect(String(await rejection(expectLinearGrowth(prepare)))).to.match(/grows faster than its input/);
    });
  }

  for (const [what, prepare] of Object.entries(linear)) {
    it(`given ${what}: resolves`, () => expectLinearGrowth(prepare));
  }

  it('given a promise with quadratic work after it: rejects', async () => {
    const prepare = (size: number): Work => {
      const work = superLinear['two quantifiers that share blanks (quadratic)']?.(size);
      return async () => {
        await Promise.resolve();
        return work?.();
      };
    };
    expect(String(await rejection(expectLinearGrowth(prepare)))).to.match(/grows faster than its input/);
  });
});
