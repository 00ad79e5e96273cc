import { expectLinearGrowth, type GrowthOptions } from './growth.ts';

/** An input of about so many bytes. */
export type Input<Value> = (size: number) => Value;

/**
 * Units that a text is filled with: what separates, quotes, escapes and pads in the formats that the service reads, and
 * what their rules begin and end with.
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

/** Hostile texts: `begin`, then one unit again and again, then `end`. `more` are units that only this reader knows. */
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

/** One test: the reader takes linear time for each of the inputs. That it throws for an input is not looked at. */
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
