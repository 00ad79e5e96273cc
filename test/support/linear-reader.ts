import { expectLinearGrowth, type GrowthOptions } from './growth.ts';

/** Returns an input of about `size` bytes. */
export type Input<Value> = (size: number) => Value;

/**
 * Units that are repeated: separators, quotes, escapes and padding of the formats that the service reads, and the first
 * and last characters of their rules.
 */
const units = [
  ' ',
  '\t',
  ' ,',
  ',',
  ';',
  '; ',
  '"',
  '",',
  '=',
  'a=b;',
  '/',
  '.',
  'a.',
  '-',
  ':',
  '@',
  '%',
  '%61',
  '*',
  '0',
  'a',
];

/** Hostile texts: `begin`, a repeated unit, `end`. `more`: additional units for this reader. */
export const hostileTexts = (
  begin = '',
  end = '',
  more: readonly string[] = [],
): Readonly<Record<string, Input<string>>> =>
  Object.fromEntries(
    [...units, ...more].map((unit) => [
      JSON.stringify([begin, unit, end]),
      (size) => begin + unit.repeat(Math.ceil(size / unit.length)) + end,
    ]),
  );

/** Defines a test that the reader takes linear time for each input. Errors of the reader are ignored. */
export const itReadsInLinearTime = <Value>(
  what: string,
  read: (input: Value) => unknown,
  inputs: Readonly<Record<string, Input<Value>>>,
  options: GrowthOptions = {},
): void => {
  it(what, async function () {
    this.timeout(120_000);
    for (const [name, make] of Object.entries(inputs)) {
      try {
        await expectLinearGrowth((size) => {
          const input = make(size);
          return () => attempt(read, input);
        }, options);
      } catch (error) {
        throw new Error(`Hostile input ${name.slice(0, 100)}`, { cause: error });
      }
    }
  });
};

const attempt = <Value>(read: (input: Value) => unknown, input: Value): unknown => {
  try {
    const result = read(input);
    return result instanceof Promise ? result.catch(() => undefined) : result;
  } catch {
    return undefined;
  }
};
